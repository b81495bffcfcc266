import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';

/** The same page, built in Starlight. */
export default defineConfig({
	integrations: [starlight({ title: 'Peer', locales: { root: { label: 'English', lang: 'en' } }, sidebar: [{ label: 'Peer', link: '/' }] })],
});

/* eslint-disable @typescript-eslint/ban-ts-comment */
// @ts-nocheck its Astro is the bench's own, whose types the project's check does not see.
import { docsLoader } from '@astrojs/starlight/loaders';
import { docsSchema } from '@astrojs/starlight/schema';
import { defineCollection } from 'astro:content';

export const collections = { docs: defineCollection({ loader: docsLoader(), schema: docsSchema() }) };

/**
 * Where an image looks for the certificate of a private CA.
 *
 * Source: rancher/rancher, `server/bin/update-rancher-ssl` at each tag. Up to v1.2.4 it reads both places, from v1.3.0 on only the later one, and imports it into
 * Java's own store. The documentation of v1.0 and v1.1 names `/ca.crt`; https://rancher.com/docs/rancher/v1.2/en/installing-rancher/installing-server/ has the
 * import by keytool. See also rancher/rancher#7422.
 */
import { isAtLeast } from './tags.ts';

export const oldCertificatePlace = '/ca.crt';
export const certificatePlace = '/var/lib/rancher/etc/ssl/ca.crt';

/** The place that a tag reads, as documented for it. */
export function certificatePlaceOf(tag: string): string {
	return isAtLeast(tag, 'v1.2.0') ? certificatePlace : oldCertificatePlace;
}

/** An image of 1.2 runs on a Java whose store its script does not touch: the certificate is imported with keytool after the start. */
export function needsKeytool(tag: string): boolean {
	return isAtLeast(tag, 'v1.2.0') && !isAtLeast(tag, 'v1.3.0');
}

/** Shapes of fields in the documents of `docker inspect`. Source: moby/moby, `api/types/container/` (HostConfig, Config), `api/types/types.go` (ContainerJSON). */
import { z } from '../../../runbook/zod.ts';

export const text = z.string();
export const number = z.number();
export const flag = z.boolean();
export const texts = z.array(z.string());
export const numbers = z.array(z.number());

/** An object as its entries, so that a key such as `__proto__` is a key like any other. */
function entries<T>(value: z.ZodMiniType<T>) {
	const object = z.custom<object>((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
	return z.pipe(z.pipe(object, z.transform((one: object) => Object.entries(one) as [string, unknown][])), z.array(z.tuple([z.string(), value])));
}

export const textEntries = entries(z.string());
/** `Volumes` and `ExposedPorts`: the keys say everything. */
export const keys = z.pipe(entries(z.unknown()), z.transform((pairs: [string, unknown][]) => pairs.map(([key]) => key)));

/** One word or several: `Cmd` and `Entrypoint` of old engines. */
export const words = z.union([texts, z.pipe(z.string(), z.transform((word: string) => [word]))]);

const optionalText = z.nullish(z.string());

export const portBindings = entries(z.nullish(z.array(z.object({ HostIp: optionalText, HostPort: optionalText }))));

export const mounts = z.array(z.object({ Type: optionalText, Name: optionalText, Source: optionalText, Destination: z.string() }));

/** What `--mount` leaves in `HostConfig.Mounts`. */
export const mountOptions = z.array(
	z.object({
		Type: optionalText,
		Source: optionalText,
		Target: z.string(),
		ReadOnly: z.nullish(z.boolean()),
		Consistency: optionalText,
		BindOptions: z.nullish(z.looseObject({ Propagation: optionalText })),
		VolumeOptions: z.nullish(
			z.looseObject({ NoCopy: z.nullish(z.boolean()), Labels: z.nullish(textEntries), DriverConfig: z.nullish(z.object({ Name: optionalText, Options: z.nullish(textEntries) })) }),
		),
		TmpfsOptions: z.nullish(z.looseObject({ SizeBytes: z.nullish(z.number()), Mode: z.nullish(z.number()) })),
	}),
);
export type MountOption = z.output<typeof mountOptions>[number];

export const endpoints = entries(
	z.nullish(
		z.object({
			Aliases: z.nullish(texts),
			Links: z.nullish(texts),
			IPAMConfig: z.nullish(z.object({ IPv4Address: optionalText, IPv6Address: optionalText, LinkLocalIPs: z.nullish(texts) })),
			DriverOpts: z.nullish(textEntries),
		}),
	),
);

export const logConfig = z.object({ Type: optionalText, Config: z.nullish(textEntries) });
export const restartPolicy = z.object({ Name: optionalText, MaximumRetryCount: z.nullish(z.number()) });
export const ulimits = z.array(z.object({ Name: z.string(), Hard: z.number(), Soft: z.number() }));
export const devices = z.array(z.object({ PathOnHost: z.string(), PathInContainer: optionalText, CgroupPermissions: optionalText }));
export const rates = z.array(z.object({ Path: z.string(), Rate: z.number() }));
export const weights = z.array(z.object({ Path: z.string(), Weight: z.number() }));
export const healthCheck = z.object({ Test: z.nullish(texts), Interval: z.nullish(number), Timeout: z.nullish(number), StartPeriod: z.nullish(number), StartInterval: z.nullish(number), Retries: z.nullish(number) });

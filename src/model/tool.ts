import meta from '../../package.json' with { type: 'json' };

/** The name and version that reports and snapshots carry. */
export const tool = { name: meta.name, version: meta.version };

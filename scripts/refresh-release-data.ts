/**
 * Renews src/facts/data/kubernetes-releases.json: `node scripts/refresh-release-data.ts`, with GITHUB_TOKEN in the
 * environment where the anonymous limit of GitHub's API is too low.
 * `--from DIRECTORY` takes dated copies instead of the network: kubernetes-releases.json, kubernetes-cves.json, k8s-eol-data.yml.
 * `--to FILE` writes another file. `--published FILE` refuses to write one that is older than that file, or knows less.
 */
import { registerHooks } from 'node:module';
import { parseArgs } from 'node:util';

// The sources name their imports by what the compiler makes of them (`x.js`); without a compiler they are `x.ts`.
registerHooks({
  resolve: (specifier, context, next) => {
    const relative = specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts') === true;
    return next(relative ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});

const { refresh } = await import('./support/release-data.js');
try {
  const { values } = parseArgs({ options: { from: { type: 'string' }, to: { type: 'string' }, published: { type: 'string' } } });
  console.log(await refresh(values));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

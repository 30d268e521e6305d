// Lets Node run the sources as they are: they name their imports by what the compiler makes of them (`x.js`).
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) => {
    const relative = specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts') === true;
    return next(relative ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});

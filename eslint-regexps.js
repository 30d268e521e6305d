import { getStaticValue } from '@eslint-community/eslint-utils';
// The engine in JavaScript: the one that the package chooses by itself starts a program of its own.
import recheck from './node_modules/recheck/lib/browser.js';

/** How an expression can be called that is made by its constructor. */
const isConstructor = ({ callee }) => callee.type === 'Identifier' && callee.name === 'RegExp';

const staticText = (node, context) => {
  const found = node === undefined ? undefined : getStaticValue(node, context.sourceCode.getScope(node));
  return found?.value instanceof RegExp ? found.value.source : typeof found?.value === 'string' ? found.value : undefined;
};

/**
 * A pattern that is put together at run time cannot be checked for backtracking, and may hold what somebody else has written: write it as a
 * constant, compare strings, or use the linear engine (re2js).
 */
export const constantRegExp = {
  meta: { type: 'problem', schema: [], messages: { dynamic: 'The pattern is not a constant: nobody can check how it backtracks.' } },
  create: (context) => {
    const check = (node) => {
      if (isConstructor(node) && node.arguments.length > 0 && staticText(node.arguments[0], context) === undefined)
        context.report({ node, messageId: 'dynamic' });
    };
    return { NewExpression: check, CallExpression: check };
  },
};

const known = new Map();
const isExponential = (source, flags) => {
  const key = `${flags}/${source}`;
  if (!known.has(key)) {
    // By automata: where an expression has what these do not know (look-behind), regexp/no-super-linear-backtracking speaks alone.
    const { status, complexity } = recheck.checkSync(source, flags, { checker: 'automaton', timeout: 1_000 });
    known.set(key, status === 'vulnerable' && complexity.type === 'exponential');
  }
  return known.get(key);
};

/** Exponential backtracking by any ambiguity; regexp/no-super-linear-backtracking overlooks that of alternatives, as in (?:a|aa)+. */
export const noExponentialRegExp = {
  meta: { type: 'problem', schema: [], messages: { exponential: 'A text can make this expression backtrack exponentially.' } },
  create: (context) => {
    const check = (node) => {
      if (!isConstructor(node)) return;
      const source = staticText(node.arguments[0], context);
      const flags = node.arguments.length > 1 ? (staticText(node.arguments[1], context) ?? '') : '';
      if (source !== undefined && isExponential(source, flags)) context.report({ node, messageId: 'exponential' });
    };
    return {
      NewExpression: check,
      CallExpression: check,
      Literal: (node) => {
        if (node.regex !== undefined && isExponential(node.regex.pattern, node.regex.flags))
          context.report({ node, messageId: 'exponential' });
      },
    };
  },
};

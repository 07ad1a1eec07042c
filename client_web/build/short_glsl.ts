/**
 * Shortens shaders: comments and needless space in template strings marked with a `glsl` comment. The minifier of the
 * scripts leaves strings as they are. Lines for GLSL's preprocessor, and those that are put in from elsewhere, stay
 * lines of their own.
 */

import type { Plugin } from 'vite';

const SHADER = /\/\* glsl \*\/ `([^`]*)`/g;

/** One shader, or a piece of one, with `${places}` where others are put in. */
export function shortened(shader: string): string {
  const lines = shader
    .split('\n')
    .map((line) => line.replace(/\/\/.*$/, '').trim())
    .filter((line) => line !== '')
    .map((line) => (isOfItsOwn(line) ? `\n${line}\n` : tight(line)));
  // A word at the end of a line and one at the beginning of the next are still two words.
  return lines.reduce((text, line) => (/\w$/.test(text) && /^\w/.test(line) ? `${text} ${line}` : text + line), '');
}

function isOfItsOwn(line: string): boolean {
  return line.startsWith('#') || /^\$\{[^}]*\}$/.test(line);
}

function tight(line: string): string {
  const places: string[] = [];
  const text = line.replace(/\$\{[^}]*\}/g, (place) => `@${places.push(place) - 1}@`);
  return text
    .replace(/\s+/g, ' ')
    .replace(/ ?([=*/<>(){}[\],;?:&|!]) ?/g, '$1')
    .replace(/(?<![-+]) ?([-+]) ?(?![-+ ])/g, '$1')
    .replace(/@(\d+)@/g, (_, index) => places[Number(index)] ?? '');
}

export function shortGlsl(): Plugin {
  return {
    name: 'short-glsl',
    apply: 'build',
    enforce: 'pre',
    transform: (code, id) =>
      id.includes('/src/') && id.endsWith('.ts') && code.includes('/* glsl */')
        ? { code: code.replace(SHADER, (_, shader: string) => `\`${shortened(shader)}\``), map: null }
        : null,
  };
}

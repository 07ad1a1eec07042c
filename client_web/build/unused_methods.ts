/**
 * Leaves out methods of three.js' classes that nothing calls.
 *
 * Theory: a bundler drops functions that nobody imports, but never a method, since anybody might call it by its name. We
 * know everybody: all code that can run is in the bundle. So a method whose name is written nowhere (as a name or in a
 * string) outside of methods that are themselves never named, cannot be called. Names alone count, whosever method it
 * is, so this errs on the side of keeping. It is found out on a first build without any file, and every class of three
 * is then read without those methods, so that what only they needed falls away as well.
 */

import { build, type Plugin, parseAst } from 'vite';

/** Called by the language or the browser, by no name that is written. */
const CALLED_FROM_OUTSIDE = ['constructor', 'toString', 'valueOf', 'then', 'handleEvent'];
const LONGEST_NAME = 60;

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [part: string]: unknown;
}

interface Method {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Names that are written in it. */
  readonly names: Set<string>;
}

interface Written {
  readonly methods: Method[];
  /** Names that are written outside of methods. */
  readonly names: Set<string>;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

/** The name under which a node defines a method: `name() {}` in a class or `this.name = function () {}`. */
function definedName(node: Node): string | null {
  if (node.type === 'MethodDefinition' && !node['computed']) return nameOf(node['key']);
  const assignment = node.type === 'ExpressionStatement' ? node['expression'] : null;
  if (!isNode(assignment) || assignment.type !== 'AssignmentExpression' || assignment['operator'] !== '=') return null;
  const { left, right } = assignment as Node & Record<'left' | 'right', Node>;
  if (left.type !== 'MemberExpression' || left['computed'] || !right.type.includes('Function')) return null;
  return (left['object'] as Node).type === 'ThisExpression' ? nameOf(left['property']) : null;
}

function nameOf(key: unknown): string | null {
  return isNode(key) && key.type === 'Identifier' ? String(key['name']) : null;
}

/** Who defines and who writes which names. */
export function readNames(code: string): Written {
  const written: Written = { methods: [], names: new Set() };
  const walk = (value: unknown, names: Set<string>): void => {
    if (Array.isArray(value)) for (const one of value) walk(one, names);
    if (!isNode(value)) return;
    const name = definedName(value);
    if (name !== null && !CALLED_FROM_OUTSIDE.includes(name)) {
      const method = { name, start: value.start, end: value.end, names: new Set<string>() };
      written.methods.push(method);
      const { expression, value: body } = value as Node & { expression?: Node; value?: unknown };
      walk(expression ? expression['right'] : body, method.names);
      return;
    }
    if (value.type === 'Identifier') names.add(String(value['name']));
    const text = value.type === 'Literal' ? value['value'] : null;
    if (typeof text === 'string' && text.length <= LONGEST_NAME) names.add(text);
    for (const part of Object.values(value)) walk(part, names);
  };
  walk((parseAst(code) as unknown as Node)['body'], written.names);
  return written;
}

/** Names of methods that nothing which can run writes anywhere. */
export function unusedNames(files: readonly Written[]): Set<string> {
  const live = new Set(files.flatMap(({ names }) => [...names]));
  let waiting = files.flatMap(({ methods }) => methods);
  for (let before = -1; before !== waiting.length; ) {
    before = waiting.length;
    const called = waiting.filter(({ name }) => live.has(name));
    waiting = waiting.filter(({ name }) => !live.has(name));
    for (const { names } of called) for (const name of names) live.add(name);
  }
  return new Set(waiting.map(({ name }) => name));
}

/** The code without the methods of these names. */
export function without(code: string, unused: ReadonlySet<string>): string {
  const gone = readNames(code).methods.filter(({ name }) => unused.has(name));
  return gone.reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), code);
}

export interface Wishes {
  /** The pages to build. */
  readonly input: readonly string[];
  /** Plugins that the first build needs, too. */
  readonly others: () => Plugin[];
  /** Names that are called from nowhere in the bundle, but should stay. */
  readonly kept: readonly string[];
}

export function unusedMethods({ input, others, kept }: Wishes): Plugin {
  let unused: ReadonlySet<string> = new Set();
  return {
    name: 'unused-methods',
    apply: 'build',
    async buildStart() {
      const result = await build({
        configFile: false,
        root: import.meta.dirname.replace(/build$/, ''),
        logLevel: 'silent',
        plugins: others(),
        build: { write: false, minify: false, rolldownOptions: { input: [...input] } },
      });
      const outputs = (Array.isArray(result) ? result : [result]) as { output: { type: string; code?: string }[] }[];
      const chunks = outputs.flatMap(({ output }) => output).flatMap(({ code }) => code ?? []);
      unused = unusedNames([...chunks.map(readNames), { methods: [], names: new Set(kept) }]);
    },
    transform(code, id) {
      return id.includes('/node_modules/three/') ? { code: without(code, unused), map: null } : null;
    },
  };
}

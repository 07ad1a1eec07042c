import { describe, expect, it } from 'vitest';
import { shortened } from '../../build/short_glsl';

describe('a shortened shader', () => {
  it.each([
    ['float a = 1.0; // one\n  float b = a * ( a + 2.0 );\n', 'float a=1.0;float b=a*(a+2.0);'],
    ['a = b - -c + d;', 'a=b - -c+d;'],
    ['i ++; j = i - 1;', 'i ++;j=i-1;'],
    ['if (a)\n  b = 1.0;\nelse\n  c = 1.0;', 'if(a)b=1.0;else c=1.0;'],
    ['a;\n  #ifdef X // why\n  b;\n#endif\nc;', 'a;\n#ifdef X\nb;\n#endif\nc;'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what the source says
    ['a;\n  ${PIECE}\n  float x = ${ NAME } * 2.0;', 'a;\n${PIECE}\nfloat x=${ NAME }*2.0;'],
    [
      '#include <colorspace_fragment>\nvec3 x = vec3( 1e-5, .5, 2. );',
      '\n#include <colorspace_fragment>\nvec3 x=vec3(1e-5,.5,2.);',
    ],
  ])('%j', (shader, short) => {
    expect(shortened(shader)).toBe(short);
  });

  it('has the same words and signs in the same order', () => {
    const sources = import.meta.glob<string>('../../src/scene/*.ts', { query: '?raw', import: 'default', eager: true });
    const shaders = Object.values(sources).flatMap((text) => [...text.matchAll(/\/\* glsl \*\/ `([^`]*)`/g)]);
    expect(shaders.length).toBeGreaterThan(10);
    const tokens = (text: string): string[] => text.replace(/\/\/.*$/gm, '').match(/\w+|[^\s\w]/g) ?? [];
    for (const [, shader = ''] of shaders) expect(tokens(shortened(shader))).toEqual(tokens(shader));
  });
});

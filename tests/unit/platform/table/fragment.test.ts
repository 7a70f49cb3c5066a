import { describe, expect, it } from 'vitest';
import { expressionAttributes } from '../../../../functions/platform/table/expression.ts';
import { absent, all, equals, exists } from '../../../../functions/platform/table/index.ts';

describe('the names and values of expressions', () => {
  it('are those that the text uses, each name an attribute unless it is mapped', () => {
    const fragment = {
      text: '#win = :hour AND attribute_exists(ss.#sid)',
      values: { hour: 5, unused: 1 },
      names: { sid: 's-1', unused: 'x' },
    };
    expect(expressionAttributes([fragment])).toEqual({
      ExpressionAttributeNames: { '#win': 'win', '#sid': 's-1' },
      ExpressionAttributeValues: { ':hour': { N: '5' } },
    });
  });

  it('are left out when there are none, which DynamoDB wants', () => {
    expect(expressionAttributes([{ text: 'attribute_exists(pk)' }, undefined])).toEqual({});
  });

  it('merge when they agree: binary, sets and nested values too', () => {
    const values = { bytes: Uint8Array.of(1, 2), names: new Set(['a', 'b']), map: { a: [1, null] } };
    const text = '#a = :bytes AND #b = :names AND #c = :map';
    const copy = { bytes: Uint8Array.of(1, 2), names: new Set(['a', 'b']), map: { a: [1, null] } };
    expect(all({ text, values }, { text, values: copy }).values).toEqual(values);
  });

  it.each([
    ['a value that stands for two', { text: '#a = :x', values: { x: 1 } }, { text: '#b = :x', values: { x: 2 } }],
    [
      'two sets',
      { text: '#a = :x', values: { x: new Set(['a']) } },
      { text: '#b = :x', values: { x: new Set(['b']) } },
    ],
    [
      'bytes that differ',
      { text: '#a = :x', values: { x: Uint8Array.of(1) } },
      { text: '#b = :x', values: { x: Uint8Array.of(2) } },
    ],
    ['a number and its text', { text: '#a = :x', values: { x: 1 } }, { text: '#b = :x', values: { x: '1' } }],
  ])('clash over %s', (_, one, other) => {
    expect(() => all(one, other)).toThrow(/cannot merge .*: :x stands for two things/);
  });

  it('clash over a name that stands for two attributes, mapped or not', () => {
    expect(() =>
      all({ text: '#a = :x', values: { x: 1 } }, { text: '#a = :x', values: { x: 1 }, names: { a: 'b' } }),
    ).toThrow(/#a stands for two/);
  });

  it('need a value for each that the text uses', () => {
    expect(() => all({ text: '#a = :x' })).toThrow('it has no value for :x');
    expect(() => all({ text: '#a = :x', values: { x: undefined } })).toThrow('it has no value for :x');
  });
});

describe('conditions', () => {
  it('join with AND, each within its own parentheses', () => {
    const either = { text: '#a = :one OR #b = :one', values: { one: 1 } };
    expect(all(exists, either).text).toBe('(attribute_exists(#pk)) AND (#a = :one OR #b = :one)');
  });

  it('stay joined as they were when joined again', () => {
    const inner = all(equals('state', 'active'), { text: '#x = :y', values: { y: 1 }, names: { x: 'z' } });
    expect(all(absent, inner)).toMatchObject({
      names: { pk: 'pk', state: 'state', x: 'z' },
      values: { is_state: 'active', y: 1 },
    });
  });

  it('compare an attribute beside a change that sets it', () => {
    const change = { text: 'SET #version = :version', values: { version: 4 } };
    expect(expressionAttributes([change, equals('version', 3)])).toEqual({
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':version': { N: '4' }, ':is_version': { N: '3' } },
    });
  });

  it('do not compare a path by its text', () => {
    expect(() => equals('a.b', 1)).toThrow(TypeError);
  });
});

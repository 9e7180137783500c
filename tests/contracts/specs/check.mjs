// node check.mjs CONTRACTS…: for each folder the faults of its documents, as a JSON array of arrays.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const json = file => JSON.parse(readFileSync(file, 'utf8'));
const standard = createRequire(import.meta.url)('@asyncapi/specs').schemasWithoutId['3.0.0'];
const isAsyncApi = formats(new Ajv({ strict: false, allErrors: true, validateFormats: false })).compile(standard);

// References written out, so that one validator sees a whole payload; nothing here refers to itself.
function whole(node, file) {
  if (Array.isArray(node)) return node.map(n => whole(n, file));
  if (node === null || typeof node !== 'object') return node;
  if (typeof node.$ref !== 'string') return Object.fromEntries(Object.entries(node).filter(([k]) => k !== '$id' && k !== '$schema').map(([k, v]) => [k, whole(v, file)]));
  const [path, pointer = ''] = node.$ref.split('#');
  const target = path ? resolve(dirname(file), path) : file;
  const found = pointer.split('/').slice(1).reduce((at, name) => at?.[name], json(target));
  if (found === undefined) throw new Error(`${node.$ref} refers to nothing`);
  return whole(found, target);
}

async function faultsOf(contracts) {
  const faults = [];
  const fault = (where, errors) => errors.forEach(e => faults.push(`${where}${e.instancePath}: ${e.message} ${JSON.stringify(e.params)}`));
  const attempt = (where, look) => {
    try {
      look();
    } catch (e) {
      faults.push(`${where}: ${e.message}`);
    }
  };

  const openapi = await new Validator({ strict: false }).validate(json(`${contracts}/openapi/fleet.v1.json`));
  if (!openapi.valid) fault('openapi', [].concat(openapi.errors));

  const file = resolve(contracts, 'asyncapi/fleet.v1.json');
  const asyncapi = json(file);
  if (!isAsyncApi(asyncapi)) fault('asyncapi', isAsyncApi.errors);
  attempt('asyncapi channels', () => whole(asyncapi.channels, file));
  attempt('asyncapi operations', () => whole(asyncapi.operations, file));
  for (const [name, message] of Object.entries(asyncapi.components.messages))
    attempt(`asyncapi ${name}`, () => {
      const validate = formats(new Ajv2020({ strict: false, allErrors: true, logger: false })).compile(whole(message.payload, file));
      for (const example of message.examples)
        if (!validate(example.payload)) fault(`asyncapi ${name} example ${example.name}`, validate.errors);
    });
  return faults;
}

console.log(JSON.stringify(await Promise.all(process.argv.slice(2).map(faultsOf))));

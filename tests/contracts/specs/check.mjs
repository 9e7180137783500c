// node check.mjs CONTRACTS: one line per fault of the documents there, exit code 1 when there is one.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const contracts = process.argv[2];
const json = file => JSON.parse(readFileSync(file, 'utf8'));
const faults = [];
const fault = (where, errors) => errors.forEach(e => faults.push(`${where}${e.instancePath}: ${e.message} ${JSON.stringify(e.params)}`));

const openapi = await new Validator({ strict: false }).validate(json(`${contracts}/openapi/fleet.v1.json`));
if (!openapi.valid) fault('openapi', [].concat(openapi.errors));

const asyncFile = resolve(contracts, 'asyncapi/fleet.v1.json');
const asyncapi = json(asyncFile);
const standard = createRequire(import.meta.url)('@asyncapi/specs').schemasWithoutId['3.0.0'];
const ajv = formats(new Ajv({ strict: false, allErrors: true, validateFormats: false }));
const isAsyncApi = ajv.compile(standard);
if (!isAsyncApi(asyncapi)) fault('asyncapi', isAsyncApi.errors);

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

for (const [name, message] of Object.entries(asyncapi.components.messages))
  try {
    const validate = formats(new Ajv2020({ strict: false, allErrors: true, logger: false })).compile(whole(message.payload, asyncFile));
    for (const example of message.examples)
      if (!validate(example.payload)) fault(`asyncapi ${name} example ${example.name}`, validate.errors);
  } catch (e) {
    faults.push(`asyncapi ${name}: ${e.message}`);
  }
for (const part of [asyncapi.channels, asyncapi.operations])
  try {
    whole(part, asyncFile);
  } catch (e) {
    faults.push(`asyncapi: ${e.message}`);
  }

console.log(faults.join('\n'));
process.exitCode = faults.length > 0 ? 1 : 0;

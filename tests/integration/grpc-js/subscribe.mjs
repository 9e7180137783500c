// Subscribes to fleet.v1.FleetEvents as an integrator would, and prints one JSON object a line: {"open"}, {"event"} ..., {"status"}.
// node subscribe.mjs '{"address","protos","request":{after,types,tenants},"token","deadline":ms,"cancelAfter":n,"gzip":bool,"method"}'
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const ask = JSON.parse(process.argv[2]);
const say = line => process.stdout.write(JSON.stringify(line) + '\n');

const definition = loader.loadSync('fleet/v1/events.proto', { includeDirs: [ask.protos], longs: String, defaults: true });
const { FleetEvents } = grpc.loadPackageDefinition(definition).fleet.v1;
const client = new FleetEvents(ask.address, grpc.credentials.createInsecure(),
  ask.gzip ? { 'grpc.default_compression_algorithm': 2 } : {});

const metadata = new grpc.Metadata();
if (ask.token) metadata.set('authorization', `Bearer ${ask.token}`);
const options = ask.deadline ? { deadline: Date.now() + ask.deadline } : {};

const { requestSerialize, responseDeserialize } = FleetEvents.service.Subscribe;
const call = client.makeServerStreamRequest(
  `/fleet.v1.FleetEvents/${ask.method ?? 'Subscribe'}`, requestSerialize, responseDeserialize, ask.request ?? {}, metadata, options);

let seen = 0;
call.on('metadata', () => say({ open: true }));
call.on('data', event => {
  say({ event: { ...event, data: JSON.parse(event.data.toString('utf8')) } });
  if (++seen === ask.cancelAfter) call.cancel();
});
call.on('error', () => { /* the status says it all */ });
call.on('status', status => {
  say({ status: { code: status.code, details: status.details } });
  client.close();
});

using System.Net.Mime;
using System.Text;
using Fleet.Contracts.Edge.V1;
using MassTransit;
using MassTransit.Serialization;

namespace Fleet.Telemetry.Edge;

// AMQP message -> EdgeDelivery, whatever it says it is: judging it is the gate's work, and only the gate's
/// <summary>
/// The foreign format on an edge queue. Every content type comes here, also MassTransit's own envelope, and of the AMQP properties an
/// agent could set (reply and fault addresses, message id) none reaches MassTransit.
/// </summary>
public sealed class EdgeFormat : IMessageDeserializer, ISerializerFactory
{
    private static readonly string[] Types = [MessageUrn.ForTypeString<EdgeDelivery>()];

    public ContentType ContentType { get; } = new(EdgeBatch.ContentType);

    public IMessageDeserializer CreateDeserializer() => this;

    public IMessageSerializer CreateSerializer() => throw new NotSupportedException("Only agents write edge batches");

    public ConsumeContext Deserialize(ReceiveContext receiveContext)
    {
        var rabbit = receiveContext.GetPayload<RabbitMqBasicConsumeContext>();
        var headers = rabbit.Properties.Headers;
        return new BodyConsumeContext(receiveContext, Context(new EdgeDelivery(
            rabbit.RoutingKey ?? "",
            rabbit.Properties.ContentType,
            Text(headers, EdgeBatch.AgentHeader),
            Integer(headers, EdgeBatch.SequenceHeader),
            Text(headers, EdgeBatch.PreviousHeader),
            Text(headers, EdgeBatch.TraceParentHeader),
            receiveContext.Body.GetBytes(),
            Text(headers, EdgeBatch.KeyHeader),
            Text(headers, EdgeBatch.SignatureHeader))));
    }

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
        throw new NotSupportedException("An edge batch is read from its AMQP delivery only: routing key and properties are part of it");

    public MessageBody GetMessageBody(string text) => new StringMessageBody(text);

    public void Probe(ProbeContext context) => context.CreateScope("edge");

    private SystemTextJsonSerializerContext Context(EdgeDelivery delivery) => new(
        SystemTextJsonMessageSerializer.Instance, SystemTextJsonMessageSerializer.Options, ContentType,
        new RawMessageContext(EmptyHeaders.Instance, null, RawSerializerOptions.AnyMessageType), Types, message: delivery);

    private static string? Text(IDictionary<string, object?>? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out var value) && value is byte[] utf8 ? Encoding.UTF8.GetString(utf8) : null;

    // AMQP 0-9-1 clients choose the width of an integer by themselves.
    private static long? Integer(IDictionary<string, object?>? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out var value)
            ? value switch { long l => l, int i => i, short s => s, byte b => b, sbyte b => b, uint u => u, ushort u => u, _ => null }
            : null;
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Contracts.Edge.V1;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Agent.Publishing;

// control queue -> message of a type this version knows -> ConsentNotice -> whom it concerns

/// <summary>Reads the agent's own queue over the connection it publishes with. What it says can only take away, so nothing of it needs to be believed.</summary>
/// <param name="heed">Told of each notice, one at a time; the queue forgets it when this returns.</param>
public sealed class HearControl(string queue, Action<ConsentNotice> heed, TimeProvider clock, AgentLog log)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private string? told;

    /// <summary>Until the session is over. A queue that is not there or not to be read costs half a minute at each change of a consent, not the session.</summary>
    public async Task RunAsync(IConnection connection, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                await HearAsync(connection, over);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                return;
            }
            catch (Exception closed) when (closed is OperationInterruptedException or AlreadyClosedException or ObjectDisposedException or IOException or TimeoutException)
            {
                if (over.IsCancellationRequested || !connection.IsOpen) return;
                Tell($"queue {queue} cannot be read, so a changed consent reaches this agent half a minute later: {closed.Message}");
                await Task.Delay(LookAgain, clock, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task HearAsync(IConnection connection, CancellationToken over)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: over);
        try
        {
            await HearAsync(channel, over);
        }
        finally
        {
            await BrokerLink.CloseAsync(channel, clock);        // or a way that carries nothing any more would hold up the next session
        }
    }

    private async Task HearAsync(IChannel channel, CancellationToken over)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.ChannelShutdownAsync += (_, reason) => Ended(ended, new OperationInterruptedException(reason));
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.UnregisteredAsync += (_, _) => Ended(ended, new IOException("the broker has ended it"));
        consumer.ReceivedAsync += async (_, message) =>
        {
            if (Read(message) is { } notice) heed(notice);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, over);
        };
        await channel.BasicQosAsync(prefetchSize: 0, prefetchCount: 10, global: false, over);
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, over);
        told = null;
        await ended.Task.WaitAsync(over);
    }

    private ConsentNotice? Read(BasicDeliverEventArgs message)
    {
        if (message.BasicProperties.Type != ConsentNotice.Type) return null;
        try
        {
            return JsonSerializer.Deserialize(message.Body.Span, NoticeJson.Default.ConsentNotice) ?? throw new JsonException("it is null");
        }
        catch (JsonException wrong)
        {
            Tell($"a message of queue {queue} cannot be read and is left alone: {wrong.Message}");
            return null;
        }
    }

    private static Task Ended(TaskCompletionSource ended, Exception why)
    {
        ended.TrySetException(why);
        return Task.CompletedTask;
    }

    private void Tell(string line)
    {
        if (line == told) return;
        told = line;
        log.Warn(line);
    }
}

/// <summary>As <see cref="ConsentNotice.Json"/>.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ConsentNotice))]
internal sealed partial class NoticeJson : JsonSerializerContext;

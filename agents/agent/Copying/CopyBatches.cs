using System.Globalization;
using System.Text;
using System.Text.Json;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Copying;

/// <summary>
/// A copy of what was sent, for the customer: per UTC day a <c>.jsonl</c> with the events as they were sent and a <c>.csv</c> with a row per value. Nothing waits for it: a folder that
/// cannot be written costs a line in the log. A batch sent twice after a crash stands there twice, under the same number.
/// </summary>
public sealed class CopyBatches(string folder, TimeProvider clock, AgentLog log)
{
    private readonly Lock one = new();
    private bool failing;

    public void Copy(Batch batch)
    {
        lock (one)
        {
            try
            {
                Directory.CreateDirectory(folder);
                var day = Path.Combine(folder, clock.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                using (var lines = new FileStream($"{day}.jsonl", FileMode.Append))
                    foreach (var sent in BatchStatement.Events(batch.Body))
                    {
                        lines.Write(sent.Span);
                        lines.WriteByte((byte)'\n');
                    }
                var fresh = !File.Exists($"{day}.csv");
                using var rows = new StreamWriter($"{day}.csv", append: true, new UTF8Encoding(encoderShouldEmitUTF8Identifier: fresh)) { NewLine = "\r\n" };
                if (fresh) rows.WriteLine(CopyRow.Head);
                foreach (var row in JsonSerializer.Deserialize(batch.Body, EdgeJson.Strict.ListEdgeEvent)!.SelectMany(CopyRow.Of)) rows.WriteLine(row.Csv(batch.Sequence));
                if (failing) log.Info($"copies go to {folder} again");
                failing = false;
            }
            catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
            {
                if (!failing) log.Warn($"copyTo: {folder} cannot be written, what is sent is not copied there: {unwritable.Message}");
                failing = true;
            }
        }
    }
}

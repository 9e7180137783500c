using Fleet.Snmp;

namespace Fleet.Printers;

/// <summary>Something that answers questions: a device, or a capture of one.</summary>
internal interface IQuestioned
{
    Task<SnmpReply> GetAsync(IReadOnlyList<Oid> names);

    Task<SnmpTable> TableAsync(IReadOnlyList<Oid> columns);

    /// <summary>The same under a longer community; null where there is none.</summary>
    IQuestioned? WithCommunitySuffix(string suffix);
}

/// <summary>A device at the other end of the network.</summary>
internal sealed class QuestionedDevice(SnmpClient client, SnmpTarget target, CancellationToken cancel) : IQuestioned
{
    public Task<SnmpReply> GetAsync(IReadOnlyList<Oid> names) => client.GetAsync(target, names, cancel);

    public Task<SnmpTable> TableAsync(IReadOnlyList<Oid> columns) => client.TableAsync(target, columns, cancel);

    public IQuestioned? WithCommunitySuffix(string suffix) => target.WithCommunitySuffix(suffix) is { } other ? new QuestionedDevice(client, other, cancel) : null;
}

using Fleet.Contracts.Edge.V1;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Defaults;
using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Consents;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Edge;
using Fleet.Telemetry.Held;
using Fleet.Telemetry.Meters;
using Fleet.Telemetry.Reports;
using Fleet.Telemetry.Silence;
using Fleet.Telemetry.Supplies;

namespace Fleet.Telemetry;

/// <summary>The gate: what agents send becomes devices, readings and supplies, or is refused by name.</summary>
public static class Telemetry
{
    public static readonly Module Module = new("telemetry")
    {
        Streams = [Device.Stream, Agent.Stream, Consent.Stream, AccessRefusals.Stream, ReportTemplate.Stream],
        Views =
        [
            Devices.Devices.View, Readings.View, ReadingJudgements.View, CounterEpochs.View, DailyMeters.View, Supplies.Supplies.View, Agents.Agents.View, RefusalCounts.View,
            Timeline.StatusMarks.View,
            ReportTemplates.View,
        ],
        Tables = [Presences.Table, DeviceNames.Table, WatchSilence.Table, HeldBatches.Table, Auditor.Grant, TenantAccess.Table],
        Consumers =
        [
            EdgeLane.Of(EdgeBatch.ReadingLane, wait: TimeSpan.FromMilliseconds(250)),
            EdgeLane.Of(EdgeBatch.AlertLane, wait: TimeSpan.FromMilliseconds(25)),
            LearnConsentConsumer.Consumer,
            AskConsents.Answers,
            .. LearnAgentConsumers.All,
            .. TenantAccess.Consumers,
        ],
        Announcements = [.. AnnounceDevice.All, AnnounceReadings.Announcement, .. AnnounceAgent.All, AccessRefusals.Announcement],
        Background = [module => new WatchSilence(module), module => new DropHeld(module), module => new DeliverReports(module)],
        Says = [typeof(ConsentsAsked)],
        Routes =
        [
            DeviceRoutes.Map, MergeRoutes.Map, SplitRoutes.Map, RetireRoutes.Map, Timeline.TimelineRoutes.Map, Timeline.HistoryRoutes.Map, SummaryRoutes.Map,
            ReadingRoutes.Map, NamedReadingRoutes.Map, CounterEpochRoutes.Map, DailyMeterRoutes.Map, CorrectReadingRoute.Map,
            SupplyRoutes.Map, ReportRoutes.Map, TemplateRoutes.Map, AgentRoutes.Map, RefusalRoutes.Map,
        ],
    };
}

using System.Text.Json.Serialization;

namespace Fleet.Printers;

/// <summary>Profiles and kinds, as <see cref="ProfileJson"/> reads them.</summary>
[JsonSerializable(typeof(Profile))]
[JsonSerializable(typeof(KindRules))]
internal sealed partial class RulesJson : JsonSerializerContext;

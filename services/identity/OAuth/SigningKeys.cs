using Fleet.Defaults;

namespace Fleet.Identity.OAuth;

/// <summary>What identity signs tokens with.</summary>
public static class SigningKeys
{
    /// <summary>The first one's file; its successors lie beside it (<see cref="KeyRing"/>).</summary>
    public const string Setting = "FLEET_IDENTITY_KEY";

    public static KeyRing Of(ModuleContext module) => KeyRing.Open(module.Settings, Setting, module.Clock, module.Logs);
}

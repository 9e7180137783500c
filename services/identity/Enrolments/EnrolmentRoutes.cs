using Fleet.Defaults;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.Enrolments;

/// <summary>What people do with a code; wrong ones are counted over all of it.</summary>
public static class EnrolmentRoutes
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        var codes = new UserCodes(module);
        LookAtEnrolment.Map(app, codes);
        ApproveEnrolmentRoute.Map(app, module, codes);
        DenyEnrolmentRoute.Map(app, module, codes);
        DevicePage.Open(module, codes).Map(app);
    }
}

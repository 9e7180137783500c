using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Fleet.Architecture.Tests;

/// <summary>The borders of the house as functions: an assembly in, the places where it crosses a border out.</summary>
internal static class Rules
{
    private static readonly string[] Plumbing = ["MassTransit", "RabbitMQ", "Npgsql", "Microsoft.AspNetCore"];

    /// <summary>Fleet assemblies that <paramref name="assembly"/> references and may not.</summary>
    public static IEnumerable<string> ForeignReferences(AssemblyDefinition assembly, params string[] allowed) =>
        from reference in assembly.MainModule.AssemblyReferences
        where IsFleet(reference.Name) && !allowed.Contains(reference.Name, StringComparer.Ordinal)
        select $"{assembly.Name.Name} references {reference.Name}";

    /// <summary>Packages (everything that is neither ours nor the framework's) an assembly references.</summary>
    public static IEnumerable<string> PackageReferences(AssemblyDefinition assembly) =>
        from reference in assembly.MainModule.AssemblyReferences
        where !IsFleet(reference.Name) && !IsFramework(reference.Name)
        select $"{assembly.Name.Name} references {reference.Name}";

    /// <summary>Services know each other's contracts, never each other; only the host may list them.</summary>
    public static IEnumerable<string> ServiceReferences(AssemblyDefinition service, IReadOnlyCollection<string> services) =>
        from reference in service.MainModule.AssemblyReferences
        where services.Contains(reference.Name, StringComparer.Ordinal)
        select $"{service.Name.Name} references {reference.Name}";

    /// <summary>
    /// Domain code is every type with a <c>Decide</c> or <c>Evolve</c> method, and what is nested in it. It is pure: no bus, database or web
    /// type in a signature, a field or a method body.
    /// </summary>
    public static IEnumerable<string> PlumbingInDomain(AssemblyDefinition assembly) =>
        from type in assembly.MainModule.GetTypes()
        where IsDomain(type)
        from used in TypesUsedBy(type)
        where Plumbing.Any(p => used.FullName.StartsWith(p, StringComparison.Ordinal))
        select $"{type.FullName} uses {used.FullName}";

    public static bool IsDomain(TypeDefinition type) =>
        type.Methods.Any(m => m.IsStatic && m.Name is "Decide" or "Evolve") || (type.DeclaringType is { } outer && IsDomain(outer));

    public static bool IsFleet(string name) => name.StartsWith("Fleet.", StringComparison.Ordinal) || name.StartsWith("fleet-", StringComparison.Ordinal);

    private static bool IsFramework(string name) =>
        name is "netstandard" or "mscorlib" || name.StartsWith("System.", StringComparison.Ordinal) || name == "System"
        || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Win32.", StringComparison.Ordinal);

    private static IEnumerable<TypeReference> TypesUsedBy(TypeDefinition type)
    {
        foreach (var field in type.Fields)
            yield return field.FieldType;
        foreach (var method in type.Methods)
        {
            yield return method.ReturnType;
            foreach (var parameter in method.Parameters)
                yield return parameter.ParameterType;
            if (!method.HasBody)
                continue;
            foreach (var local in method.Body.Variables)
                yield return local.VariableType;
            foreach (var used in method.Body.Instructions.SelectMany(TypesIn))
                yield return used;
        }
    }

    private static IEnumerable<TypeReference> TypesIn(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        MethodReference method => [method.DeclaringType, method.ReturnType, .. method.Parameters.Select(p => p.ParameterType)],
        FieldReference field => [field.DeclaringType, field.FieldType],
        _ => [],
    };
}

using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Fleet.Defaults;

/// <summary>The comments of a type and its members, from the XML file the compiler puts beside the assembly; as Markdown.</summary>
public sealed partial class XmlComments
{
    private readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, XElement>> _files = [];

    /// <summary>Null when it has none.</summary>
    public string? Of(Type type) => Text(Member(type)?.Element("summary"));

    /// <param name="member">A field, or a property, whose comment is its own or, in a record, the one on the parameter it comes from.</param>
    public string? Of(Type type, string member) =>
        Text(Find(type.Assembly, $"P:{Id(type)}.{member}")?.Element("summary"))
        ?? Text(Find(type.Assembly, $"F:{Id(type)}.{member}")?.Element("summary"))
        ?? Text(Member(type)?.Elements("param").FirstOrDefault(param => param.Attribute("name")?.Value == member));

    // <inheritdoc cref="T:…"/>: what is said of the other type goes for this one.
    private XElement? Member(Type type)
    {
        var comment = Find(type.Assembly, $"T:{Id(type)}");
        return comment?.Element("inheritdoc")?.Attribute("cref")?.Value is { } other ? Find(type.Assembly, other) : comment;
    }

    private XElement? Find(Assembly assembly, string id) => _files.GetOrAdd(assembly, Read).GetValueOrDefault(id);

    private static IReadOnlyDictionary<string, XElement> Read(Assembly assembly)
    {
        var file = assembly.IsDynamic || assembly.Location.Length == 0 ? null : Path.ChangeExtension(assembly.Location, ".xml");
        return file is null || !File.Exists(file)
            ? new Dictionary<string, XElement>()
            : XDocument.Load(file, LoadOptions.PreserveWhitespace).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);
    }

    private static string Id(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string? Text(XElement? comment)
    {
        var text = comment is null ? "" : White().Replace(string.Concat(comment.Nodes().Select(Markdown)), " ").Trim();
        return text.Length == 0 ? null : text;
    }

    private static string Markdown(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "paramref" } member => $"`{JsonNamingPolicy.CamelCase.ConvertName(member.Attribute("name")!.Value)}`",
        XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")?.Value.Split('(')[0].Split('.', ':')[^1] ?? see.Value}`",
        XElement element => string.Concat(element.Nodes().Select(Markdown)),
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex White();
}

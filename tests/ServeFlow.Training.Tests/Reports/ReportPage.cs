using System.Xml;
using System.Xml.Linq;

namespace ServeFlow.Training.Tests.Reports;

/// <summary>A report's page, read as XML.</summary>
sealed class ReportPage
{
    static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    readonly XElement root;

    ReportPage(XElement root) => this.root = root;

    public IReadOnlyList<XElement> Drawings => [.. root.Descendants(Svg + "svg")];

    /// <summary>Identifiers of the sections, in order.</summary>
    public IEnumerable<string> Sections => root.Descendants("h2").Select(h => h.Attribute("id")!.Value);

    /// <summary>Identifiers that the table of contents leads to.</summary>
    public IEnumerable<string> Contents =>
        root.Descendants("nav").Descendants("a").Select(a => a.Attribute("href")!.Value.TrimStart('#'));

    /// <summary>Names of the figures.</summary>
    public IEnumerable<string> Figures =>
        root.Descendants("figure").Select(f => f.Attribute("id")!.Value["figure-".Length..]);

    /// <summary>The files that captions name.</summary>
    public IEnumerable<string> DataFiles => root.Descendants("span")
        .Where(s => s.Attribute("class")?.Value == "file").Select(s => s.Value.Trim('(', ')'));

    /// <exception cref="XmlException">The page is not well-formed.</exception>
    public static ReportPage Parse(string html)
    {
        using var reader = XmlReader.Create(new StringReader(html), new() { DtdProcessing = DtdProcessing.Ignore });
        return new(XElement.Load(reader));
    }
}

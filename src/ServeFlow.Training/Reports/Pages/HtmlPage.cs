using System.Text;
using System.Text.RegularExpressions;
using ServeFlow.Training.Reports.Drawing;

namespace ServeFlow.Training.Reports.Pages;

/// <summary>
/// Builds one self-contained page, well-formed as XML too: no script, no outside file; light, dark and readable in
/// print. It numbers figures and tables, and keeps what they show for the files beside it.
/// </summary>
sealed class HtmlPage(string title)
{
    /// <summary>Specifies the space between a number and its unit, where no line ends.</summary>
    static readonly Regex Unit = new(@"(?<=\d) (?=%|(ns|µs|ms|s|flows?|packets?)\b)");

    /// <summary>Specifies the number of rows of a table that paper never breaks.</summary>
    const int ShortTable = 16;

    readonly StringBuilder head = new();
    readonly StringBuilder body = new();
    readonly List<(string Id, string Title)> sections = [];
    readonly List<Figure> drawings = [];
    readonly List<CsvTable> data = [];
    int tables;

    public IReadOnlyList<Figure> Drawings => drawings;

    /// <summary>Behind figures and tables.</summary>
    public IReadOnlyList<CsvTable> Data => data;

    StringBuilder Current => sections.Count == 0 ? head : body;

    /// <param name="id">The id by which the table of contents finds it.</param>
    public void Section(string id, string title)
    {
        sections.Add((id, title));
        body.Append($"<h2 id=\"{id}\">{Text(title)}</h2>");
    }

    public void Paragraph(string text) => Current.Append($"<p>{Text(text)}</p>");

    /// <summary>Adds a sentence that explains or limits what was shown.</summary>
    public void Footnote(string text) => Current.Append($"<p class=\"soft\">{Text(text)}</p>");

    /// <summary>Big figures side by side.</summary>
    public void Cards(params IReadOnlyList<(string Figure, string What)> cards)
    {
        var items = cards.Select(card => $"<div><b>{Text(card.Figure)}</b>{Text(card.What)}</div>");
        Current.Append($"<div class=\"cards\">{string.Concat(items)}</div>");
    }

    public void Verdicts(IReadOnlyCollection<Verdict> verdicts)
    {
        if (verdicts.Count > 0)
        {
            var items = verdicts.Select(v => $"<li class=\"{v.Style}\"><b>{v.Sign}</b>{Text(v.Text)}</li>");
            Current.Append($"<ul class=\"verdicts\">{string.Concat(items)}</ul>");
        }
    }

    public void Table(Table table)
    {
        data.Add(table.Data);
        var length = table.Shown.Count <= ShortTable ? " short" : "";
        Current.Append($"<div class=\"table{length}\"><table><caption><b>Table {++tables}.</b> {Text(table.Caption)} "
            + $"{File(table.Data.FileName)}</caption><thead><tr>");
        foreach (var (column, name) in table.Heads.Index())
        {
            Current.Append($"<th scope=\"col\"{Word(column, table)}>{Text(name)}</th>");
        }

        Current.Append("</tr></thead><tbody>");
        foreach (var (number, row) in table.Shown.Index())
        {
            Current.Append(table.Strong.Contains(number) ? "<tr class=\"strong\">" : "<tr>");
            foreach (var (column, cell) in row.Index())
            {
                var kind = column == 0 ? "th scope=\"row\"" : "td";
                Current.Append($"<{kind}{Word(column, table)}>{Text(cell)}</{kind[..2]}>");
            }

            Current.Append("</tr>");
        }

        Current.Append("</tbody></table></div>");
    }

    public void Figure(Figure figure)
    {
        drawings.Add(figure);
        data.Add(figure.Data);
        Current.Append($"<figure id=\"figure-{figure.Name}\"><figcaption><b>Figure {drawings.Count}. "
            + $"{Text(figure.Title)}.</b> {Text(figure.Caption)} {File(figure.Data.FileName)}</figcaption><div "
            + $"class=\"drawing\">{figure.Svg}</div></figure>");
    }

    /// <summary>Figures two beside each other where there is room.</summary>
    public void Figures(IEnumerable<Figure> pair)
    {
        Current.Append("<div class=\"pair\">");
        foreach (var figure in pair)
        {
            Figure(figure);
        }

        Current.Append("</div>");
    }

    /// <summary>Writes names and what they stand for.</summary>
    public void Terms(IEnumerable<(string Name, string Value)> terms)
    {
        var items = terms.Select(t => $"<dt>{Text(t.Name)}</dt><dd><code>{Text(t.Value)}</code></dd>");
        Current.Append($"<dl>{string.Concat(items)}</dl>");
    }

    public override string ToString() =>
        $"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><title>{Text(title)}</title>"
        + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"/>"
        + $"<style>{PageStyle.Page}</style></head>\n<body><header><h1>{Text(title)}</h1>{head}{Contents()}</header>"
        + $"<main>{body}</main></body></html>\n";

    string Contents()
    {
        var items = sections.Select(s => $"<li><a href=\"#{s.Id}\">{Text(s.Title)}</a></li>");
        return $"<nav aria-label=\"contents\"><ol>{string.Concat(items)}</ol></nav>";
    }

    static string Word(int column, Table table) => column < table.Words ? " class=\"word\"" : "";

    static string File(string name) => $"<span class=\"file\">({Text(name)})</span>";

    static string Text(string text) => Unit.Replace(Markup.Encode(text), "\u00A0");
}

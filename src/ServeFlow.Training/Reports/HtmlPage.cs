using System.Net;
using System.Text;

namespace ServeFlow.Training.Reports;

/// <summary>One self-contained page: no script, no outside file; light, dark and readable in print.</summary>
sealed class HtmlPage(string title)
{
    const string Style = """
        :root{color-scheme:light dark;--bg:#fff;--ink:#1c2330;--soft:#5b6575;--rule:#e3e7ee;--card:#f7f9fc;
        --c1:#1769e0;--c2:#d9480f;--c3:#7a8699;--c4:#2b8a3e;--c5:#9c36b5;--c6:#b08900}
        @media (prefers-color-scheme:dark){:root{--bg:#12161d;--ink:#e6eaf2;--soft:#9aa5b8;--rule:#2a313d;--card:#1a202a;
        --c1:#5b9dff;--c2:#ff8f5a;--c3:#8f9bb0;--c4:#5fd07a;--c5:#d58cf0;--c6:#e0b93a}}
        body{background:var(--bg);color:var(--ink);font:15px/1.55 system-ui,sans-serif;max-width:920px;margin:2.5rem auto;padding:0 1.2rem}
        h1{font-size:1.7rem;margin:0 0 .2rem}h2{font-size:1.15rem;margin:2.4rem 0 .6rem;break-after:avoid}
        p{margin:.5rem 0}.soft{color:var(--soft)}
        .table{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
        th,td{padding:.32rem .6rem;border-bottom:1px solid var(--rule);text-align:right;white-space:nowrap}
        th{color:var(--soft);font-weight:600}th:first-child,td:first-child{text-align:left}
        tr.strong td{font-weight:650}
        svg{width:100%;height:auto;background:var(--card);border-radius:8px;break-inside:avoid}
        svg text{fill:var(--soft);font:12px system-ui,sans-serif}svg text.axis{fill:var(--ink)}
        .grid{stroke:var(--rule);fill:none}.line{fill:none;stroke-width:2}
        .line.c1{stroke:var(--c1)}.line.c2{stroke:var(--c2)}.line.c3{stroke:var(--c3)}.line.c4{stroke:var(--c4)}.line.c5{stroke:var(--c5)}.line.c6{stroke:var(--c6)}
        .dot.c1{fill:var(--c1)}.dot.c2{fill:var(--c2)}.dot.c3{fill:var(--c3)}.dot.c4{fill:var(--c4)}.dot.c5{fill:var(--c5)}.dot.c6{fill:var(--c6)}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:.8rem;margin:1.2rem 0}
        .cards div{background:var(--card);border-radius:8px;padding:.8rem 1rem}.cards b{display:block;font-size:1.45rem}
        .cell{fill:var(--c1)}.wrong{fill:var(--c2)}
        @media print{body{margin:0;max-width:none}}
        """;

    readonly StringBuilder body = new();

    public void Lead(string text) => body.Append("<p class=\"soft\">").Append(Text(text)).Append("</p>");

    public void Heading(string text) => body.Append("<h2>").Append(Text(text)).Append("</h2>");

    public void Paragraph(string text) => body.Append("<p>").Append(Text(text)).Append("</p>");

    /// <summary>Big figures side by side.</summary>
    public void Cards(params ReadOnlySpan<(string Figure, string What)> cards)
    {
        body.Append("<div class=\"cards\">");
        foreach (var (figure, what) in cards)
        {
            body.Append("<div><b>").Append(Text(figure)).Append("</b>").Append(Text(what)).Append("</div>");
        }

        body.Append("</div>");
    }

    /// <param name="rows">Each as long as <paramref name="head"/>.</param>
    /// <param name="strong">Number of the row to stress; −1 for none.</param>
    public void Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows, int strong = -1)
    {
        body.Append("<div class=\"table\"><table><tr>");
        foreach (var name in head)
        {
            body.Append("<th>").Append(Text(name)).Append("</th>");
        }

        body.Append("</tr>");
        foreach (var (number, row) in rows.Index())
        {
            body.Append(number == strong ? "<tr class=\"strong\">" : "<tr>");
            foreach (var cell in row)
            {
                body.Append("<td>").Append(Text(cell)).Append("</td>");
            }

            body.Append("</tr>");
        }

        body.Append("</table></div>");
    }

    /// <summary>A drawing that is SVG already.</summary>
    public void Drawing(string svg) => body.Append(svg);

    public override string ToString() =>
        $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{Text(title)}</title>"
        + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
        + $"<style>{Style}</style></head><body><h1>{Text(title)}</h1>{body}</body></html>\n";

    static string Text(string text) => WebUtility.HtmlEncode(text);
}

using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using ServeFlow.Training.Reports;
using Xunit;

namespace ServeFlow.Training.Tests.Reports;

/// <summary>What a real browser makes of the page: texts as wide as its own fonts make them.</summary>
public sealed class BrowserTests : IDisposable
{
    const string Browser = "/usr/bin/chromium";

    /// <summary>Replaces the page by the pairs of drawn texts that cover one another, and by whatever is cut
    /// off.</summary>
    const string Measure = """
        <script>
        const found = [];
        for (const svg of document.querySelectorAll('svg')) {
          const edge = svg.getBoundingClientRect();
          if (edge.width < 0.7 * svg.viewBox.baseVal.width) found.push(`too small to read: ${svg.ariaLabel}`);
          const texts = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
          texts.forEach(([a, p], i) => {
            if (p.left < edge.left - 1 || p.right > edge.right + 1) found.push(`cut: ${a}`);
            for (const [b, q] of texts.slice(i + 1)) {
              const w = Math.min(p.right, q.right) - Math.max(p.left, q.left);
              const h = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
              if (w > 1 && h > 3) found.push(`${a} | ${b}`);
            }
          });
        }
        for (const caption of document.querySelectorAll('caption')) {
          if (caption.getBoundingClientRect().right > innerWidth) found.push(`cut: ${caption.textContent}`);
        }
        if (document.documentElement.scrollWidth > innerWidth) found.push('the page is wider than the window');
        document.body.innerHTML = `<pre id="found">${document.querySelectorAll('svg').length} drawings\n${found.join('\n')}</pre>`;
        </script>
        """;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-browser").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(1000)]
    [InlineData(400)] // the width of a telephone, or the least that the browser takes
    public void Page_TwentySevenClasses_ShowsEveryTextApart(int width)
    {
        Assert.SkipUnless(File.Exists(Browser), "no chromium here");
        var page = EvaluationReport.Page(FakeEvaluation.Create(27, Path.Combine(folder, "bundle")));
        var file = Path.Combine(folder, "page.html");
        File.WriteAllText(file, page.ToString().Replace("</body>", Measure + "</body>"));

        var found = Regex.Match(Dump(file, width), "<pre id=\"found\">(.*?)</pre>", RegexOptions.Singleline)
            .Groups[1].Value;

        Assert.Equal($"{page.Drawings.Count} drawings\n", WebUtility.HtmlDecode(found));
    }

    string Dump(string file, int width)
    {
        using var browser = Process.Start(new ProcessStartInfo(Browser)
        {
            ArgumentList =
            {
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars",
                $"--user-data-dir={Path.Combine(folder, "profile")}", $"--window-size={width},800", "--dump-dom", file,
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        browser.ErrorDataReceived += (_, _) => { };
        browser.BeginErrorReadLine();
        var text = browser.StandardOutput.ReadToEnd();
        browser.WaitForExit();
        return text;
    }
}

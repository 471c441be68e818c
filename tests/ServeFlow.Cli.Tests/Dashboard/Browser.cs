using Microsoft.Playwright;
using Xunit;

namespace ServeFlow.Cli.Tests.Dashboard;

/// <summary>Debian's chromium, started once for the tests that look at the page.</summary>
public sealed class Browser : IAsyncLifetime
{
    static readonly string[] paths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    static readonly string[] arguments =
        ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];

    /// <summary>A busy machine draws late; what is right at once does not wait.</summary>
    const float Patience = 20_000;

    IPlaywright? playwright;
    IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (Array.Find(paths, File.Exists) is { } path)
        {
            Assertions.SetDefaultExpectTimeout(Patience);
            playwright = await Playwright.CreateAsync();
            browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = arguments });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }

    /// <summary>Opens an empty page; skips the test where there is no chromium.</summary>
    internal async Task<WatchedPage> OpenAsync(int width = 1440, ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipWhen(browser is null, "there is no chromium here: apt-get install chromium");
        var context = await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = scheme,
        });
        return new(await context.NewPageAsync());
    }
}

/// <summary>A page that keeps what goes wrong on it.</summary>
sealed class WatchedPage : IAsyncDisposable
{
    readonly List<string> requests = [];

    public WatchedPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) => Add(Complaints, message.Type == "error" ? message.Text : null);
        page.PageError += (_, error) => Add(Complaints, error);
        page.Request += (_, request) => Add(requests, request.Url);
    }

    public IPage Page { get; }

    /// <summary>Gets the errors that the page's scripts met, refused styles and scripts among them.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Goes to a path of the sensor and waits until the page follows it.</summary>
    public async Task FollowAsync(string address)
    {
        await Page.GotoAsync(address);
        await Page.Locator("html[data-connected]").WaitForAsync();
    }

    /// <summary>Finds requests that went elsewhere.</summary>
    public IReadOnlyList<string> RequestsBeyond(string address)
    {
        lock (requests)
        {
            return [.. requests.Where(url => !url.StartsWith(address, StringComparison.Ordinal))];
        }
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    static void Add(List<string> list, string? text)
    {
        lock (list)
        {
            if (text is not null)
            {
                list.Add(text);
            }
        }
    }
}

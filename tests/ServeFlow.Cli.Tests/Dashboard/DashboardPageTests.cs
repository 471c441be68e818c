using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ServeFlow.Cli.Tests.Commands;
using ServeFlow.Service;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ServeFlow.Cli.Tests.Dashboard;

/// <summary>The page as a browser shows it, of a sensor that runs.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class DashboardPageTests : ServedSensor, IClassFixture<Browser>
{
    const int Packets = 3000;
    readonly Browser browser;

    public DashboardPageTests(Browser browser)
    {
        this.browser = browser;
        var capture = new CaptureBuilder(101);
        for (var i = 0; i < Packets; i++)
        {
            capture.Add(Start + (i * 20_000_000L), Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5000 + i, 53, [])));
        }

        File.WriteAllBytes(At("flows.pcap"), capture.ToArray());
    }

    [Fact]
    public async Task Page_OfARunningSensor_FollowsItAndComplainsOfNothing()
    {
        await using var watched = await browser.OpenAsync();
        var address = Serve("--http 127.0.0.1:0");
        var page = watched.Page;
        await watched.FollowAsync(address);

        await Expect(page.Locator("#alarms")).ToContainTextAsync("All is well.");
        await Expect(page.Locator("#flows tbody tr").First).ToContainTextAsync("10.0.0.1:5");
        await Expect(page.Locator("#cards dd").First).ToHaveTextAsync(Positive());
        await Expect(page.Locator("svg path.line")).Not.ToHaveCountAsync(0);
        await Expect(page.Locator(".sankey path.band")).Not.ToHaveCountAsync(0);
        await Expect(page.Locator("#models tbody tr").First).ToContainTextAsync("bundle");
        await Expect(page.Locator("#outputs tbody tr")).ToContainTextAsync("eve");
        await page.Locator("#settings summary").ClickAsync();
        await Expect(page.Locator("#settings tr.strong").First).ToBeVisibleAsync();
        await page.GetByLabel("last hour").CheckAsync();
        await Expect(page.GetByLabel("last hour")).ToBeCheckedAsync();
        Assert.Empty(watched.RequestsBeyond(address));
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task Page_Structure_IsWhatAScreenReaderNeeds()
    {
        await using var watched = await browser.OpenAsync();
        var page = watched.Page;
        await watched.FollowAsync(Serve("--http 127.0.0.1:0"));

        await Expect(page.GetByRole(AriaRole.Main)).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Banner)).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Navigation)).ToHaveCountAsync(1);
        await Expect(page.Locator("h1")).ToHaveCountAsync(1);
        await Expect(page.Locator("table:not(:has(> caption))")).ToHaveCountAsync(0);
        await Expect(page.Locator("th:not([scope])")).ToHaveCountAsync(0);
        await Expect(page.Locator("section:not([aria-labelledby], [aria-label])")).ToHaveCountAsync(0);
        await Expect(page.Locator("svg:not([aria-hidden])")).ToHaveCountAsync(0);
        await Expect(page.Locator(".plot:not([aria-label])")).ToHaveCountAsync(0);
        await Expect(page.Locator("#alarms")).ToHaveAttributeAsync("aria-live", "polite");
        Assert.Equal(0, await page.EvaluateAsync<int>("""
            [...document.querySelectorAll("[aria-labelledby]")]
              .filter(e => !document.getElementById(e.getAttribute("aria-labelledby"))).length
            + [...document.querySelectorAll("input, select")].filter(e => !e.labels?.length).length
            + [...document.querySelectorAll("nav a")].filter(e => !document.querySelector(e.hash)).length
            """));
    }

    [Theory]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    public async Task Page_EachWidthAndScheme_FitsAndCanBeRead(int width, ColorScheme scheme)
    {
        await using var watched = await browser.OpenAsync(width, scheme);
        var page = watched.Page;
        await watched.FollowAsync(Serve("--http 127.0.0.1:0"));
        await Expect(page.Locator("#flows tbody tr").First).ToBeVisibleAsync();

        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(await page.EvaluateAsync<string[]>("""
            [...document.querySelectorAll(".table")].filter(e => e.scrollWidth > e.clientWidth).map(e => e.innerText)
            """));
        Assert.True(await ReadContrastAsync(page, "body") >= 7);
        Assert.True(await ReadContrastAsync(page, ".panel .soft, .panel caption") >= 4.5);
        var isDark = await ReadIsDarkAsync(page);
        Assert.Equal(scheme == ColorScheme.Dark, isDark);
        await page.Locator("#scheme").SelectOptionAsync(isDark ? "light" : "dark");
        Assert.NotEqual(isDark, await ReadIsDarkAsync(page));
        await page.ReloadAsync();
        Assert.NotEqual(isDark, await ReadIsDarkAsync(page));
    }

    [Fact]
    public async Task Page_ByKeyboardAlone_SkipsFiltersAndPauses()
    {
        await using var watched = await browser.OpenAsync();
        var page = watched.Page;
        await watched.FollowAsync(Serve("--http 127.0.0.1:0"));

        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".skip")).ToBeFocusedAsync();
        Assert.NotEqual("none",
            await page.Locator(".skip").EvaluateAsync<string>("e => getComputedStyle(e).outlineStyle"));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("main")).ToBeFocusedAsync();
        await TabToAsync(page, "#flows input[type=search]");
        await page.Keyboard.TypeAsync("nothing=1");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#flows [role=alert]")).ToContainTextAsync("nothing=1");
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("label=camera");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#flows tbody tr").First).ToContainTextAsync("camera");
        await Expect(page.Locator("#flows tbody").GetByText("plug")).ToHaveCountAsync(0);
        await TabToAsync(page, "#flows button");
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator("#flows caption")).ToContainTextAsync("Paused");
        var paused = await page.Locator("#flows tbody").InnerTextAsync();
        await page.WaitForTimeoutAsync(2500);
        Assert.Equal(paused, await page.Locator("#flows tbody").InnerTextAsync());
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator("#flows caption")).Not.ToContainTextAsync("Paused");
    }

    [Fact]
    public async Task Page_OfASensorThatIsKilledAndStartedAgain_SaysSoAndHeals()
    {
        await using var watched = await browser.OpenAsync();
        var page = watched.Page;
        var address = Serve("--http 127.0.0.1:0");
        await watched.FollowAsync(address);
        await Expect(page.Locator(".lost")).ToBeEmptyAsync();

        Process!.Signal("KILL");
        await Expect(page.Locator(".lost")).ToContainTextAsync("The connection to the sensor is lost");
        await Expect(page.Locator(".lost")).ToBeVisibleAsync();
        Serve($"--http {address["http://".Length..].TrimEnd('/')}");
        await Expect(page.Locator("html[data-connected]:not([data-lost])"))
            .ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Expect(page.Locator(".lost")).ToBeEmptyAsync();
        await Expect(page.Locator("#flows tbody tr").First).ToContainTextAsync("10.0.0.1:5");
    }

    [Fact]
    public async Task Page_WhereATokenIsSet_SignsInAndChangesModels()
    {
        SmallBundle.Write(At("bundle"));
        await using var watched = await browser.OpenAsync();
        var page = watched.Page;
        var address = Serve("--http 127.0.0.1:0 --http-token-file token --model bundle@1");

        await page.GotoAsync(address);
        await page.GetByLabel("Token").FillAsync("wrong");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#wrong")).ToContainTextAsync("not the sensor's token");
        await page.GetByLabel("Token").FillAsync(Token);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("html[data-connected]").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Activate bundle 2" }).ClickAsync();
        await Expect(page.Locator("#ask-text")).ToContainTextAsync("bundle version 2");
        await Expect(page.Locator(".ask button.main")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#models [role=status]")).ToContainTextAsync("bundle 2 answers from now on");
        await page.GetByRole(AriaRole.Button, new() { Name = "Shadow bundle 1" }).ClickAsync();
        await page.Locator(".ask button.main").ClickAsync();
        await Expect(page.Locator("#models tbody").First).ToContainTextAsync("shadow");
        await Expect(page.Locator("#models")).ToContainTextAsync("The shadow agrees on");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop shadow" }).ClickAsync();
        await page.Locator(".ask button.main").ClickAsync();
        await Expect(page.Locator("#models tbody").First).Not.ToContainTextAsync("shadow");
        await page.GetByLabel("Share of a canary").FillAsync("25");
        await page.GetByRole(AriaRole.Button, new() { Name = "Canary bundle 1" }).ClickAsync();
        await Expect(page.Locator("#ask-text")).ToContainTextAsync("bundle version 1 answer 25 % of new flows");
        await page.Locator(".ask button.main").ClickAsync();
        await Expect(page.Locator("#models tbody").First).ToContainTextAsync("canary");
        await Expect(page.Locator("#models tbody").First).ToContainTextAsync("25.0 %");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop canary" }).ClickAsync();
        await page.Locator(".ask button.main").ClickAsync();
        await Expect(page.Locator("#models tbody").First).Not.ToContainTextAsync("canary");
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back to bundle 1" }).ClickAsync();
        await page.Locator(".ask button.main").ClickAsync();
        await Expect(page.Locator("#models tbody tr").First).ToContainTextAsync("1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByLabel("Token")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Page_LeftOpenUntilItsSessionEnds_AsksToSignInAgain()
    {
        SmallBundle.Write(At("bundle"));
        await using var watched = await browser.OpenAsync();
        var page = watched.Page;
        var address = new Uri(Serve("--http 127.0.0.1:0 --http-token-file token --model bundle@1"));
        await page.Context.AddCookiesAsync([new()
        {
            Name = $"serveflow-{address.Port}",
            Value = AccessToken.ReadFile(At("token")).CreateSession(DateTimeOffset.UtcNow.AddSeconds(15)),
            Url = address.ToString(),
        }]);

        await page.GotoAsync(address.ToString());
        await page.Locator("html[data-connected]").WaitForAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Activate bundle 2" })).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Token")).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }

    static async Task TabToAsync(IPage page, string selector)
    {
        for (var i = 0; i < 60; i++)
        {
            if (await page.Locator(selector).EvaluateAsync<bool>("e => e === document.activeElement"))
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"{selector}: is not reached by Tab");
    }

    static Task<bool> ReadIsDarkAsync(IPage page) => page.EvaluateAsync<bool>(
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).every(part => part < 64)");

    /// <summary>Computes the contrast of the first such element's text, as WCAG defines it.</summary>
    static Task<double> ReadContrastAsync(IPage page, string selector) => page.EvaluateAsync<double>("""
        selector => {
          const light = colour => colour.match(/[\d.]+/g).slice(0, 3).map(part => part / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
            .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
          const text = document.querySelector(selector);
          let behind = text;
          while (/rgba\(0, 0, 0, 0\)/.test(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
          const [a, b] = [light(getComputedStyle(text).color), light(getComputedStyle(behind).backgroundColor)];
          return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        }
        """, selector);

    [GeneratedRegex(@"^[1-9][\d.,]*$")]
    private static partial Regex Positive();
}

using System.Runtime.Versioning;
using ServeFlow.Cli.Tests.Clusters;
using ServeFlow.Cli.Tests.Commands;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace ServeFlow.Cli.Tests.Dashboard;

/// <summary>The page of a sensor that belongs to a cluster.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DashboardFleetTests(Browser browser) : ServedSensor, IClassFixture<Browser>
{
    [Fact]
    public async Task Page_OfASensorInACluster_ShowsTheFleetAndThatItIsAway()
    {
        var port = TcpPort.FindFree();
        var worker = await EdgeWorker.StartAsync(port, At("bundle"), At("store"), _ => { });
        await using var watched = await browser.OpenAsync();
        await watched.FollowAsync(Serve("--http 127.0.0.1:0 --cluster edge --cluster-name north "
            + $"--cluster-connection 127.0.0.1:{port}"));

        var fleet = watched.Page.Locator("#fleet");
        await Expect(fleet).ToContainTextAsync("each sensor answers by its own model");
        await Expect(fleet.Locator("tbody").First).ToContainTextAsync("north");
        await Expect(fleet.Locator("tbody").First).ToContainTextAsync("1 of 1 present");
        await Expect(fleet.Locator("tbody").Last).ToContainTextAsync($"127.0.0.1:{port}");
        await worker.DisposeAsync();
        await Expect(fleet).ToContainTextAsync("no worker of the cluster answers",
            new() { Timeout = 30_000 });
        await Expect(fleet).ToContainTextAsync("The sensor goes on by itself.");
    }
}

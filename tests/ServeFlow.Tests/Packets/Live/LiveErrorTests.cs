using ServeFlow.Packets.Live;
using ServeFlow.Tests.Packets.Filters;
using Xunit;

namespace ServeFlow.Tests.Packets.Live;

/// <summary>Each is one line that says what is wrong and what to do.</summary>
public sealed class LiveErrorTests
{
    [Fact]
    public void Open_NoSuchInterface_ListsThoseThatThereAre()
    {
        using var pair = VethPair.Create();

        Assert.Equal("eth7: no such interface; there are: lo, sffar, any: give one of these",
            ErrorMessage(pair, new() { Interfaces = ["eth7"] }));
    }

    [Fact]
    public void Open_InterfaceDown_SaysHowToBringItUp()
    {
        using var pair = VethPair.Create();

        Assert.Equal("lo: the interface is down: bring it up (ip link set lo up)",
            ErrorMessage(pair, new() { Interfaces = ["lo"] }));
    }

    [Fact]
    public void Open_BadFilter_SaysWhatLibpcapSays()
    {
        PcapOracle.RequireLibrary();
        using var pair = VethPair.Create();

        Assert.Equal("filter 'tcp prot': can't parse filter expression: syntax error: see pcap-filter(7)",
            ErrorMessage(pair, new() { Interfaces = [VethPair.Far], Filter = "tcp prot" }));
    }

    [Fact]
    public void Open_RingBeyondTheMemory_SaysSo()
    {
        using var pair = VethPair.Create();

        Assert.Equal("ring 1099511627776: expected 1 byte to 4 GiB",
            ErrorMessage(pair, new() { Interfaces = [VethPair.Far], RingBytes = 1L << 40 }));
    }

    [Fact]
    public void Open_WithoutCapability_NamesIt()
    {
        using var pair = VethPair.Create();
        var message = pair.FarNamespace.Run(() => Capability.Without(() =>
            Assert.Throws<InputException>(() => LiveCapture.Open(new() { Interfaces = [VethPair.Far] })).Message));

        Assert.Equal("sffar: capturing needs the capability CAP_NET_RAW: run as root, or grant it once with " +
            $"'sudo setcap cap_net_raw+ep {Environment.ProcessPath}'", message);
    }

    [Theory]
    [InlineData(new string[0], "no interface to capture: give one")]
    [InlineData(new[] { "a", "b", "a" }, "a: given twice: give each interface once")]
    [InlineData(new[] { "any", "lo" }, "any: takes all interfaces already: give it alone, or name the interfaces")]
    public void Open_BadList_SaysSo(string[] interfaces, string message)
    {
        var error = Assert.Throws<InputException>(() => LiveCapture.Open(new() { Interfaces = interfaces }));

        Assert.Equal(message, error.Message);
    }

    static string ErrorMessage(VethPair pair, LiveOptions options) =>
        Assert.Throws<InputException>(() => pair.Open(options)).Message;
}

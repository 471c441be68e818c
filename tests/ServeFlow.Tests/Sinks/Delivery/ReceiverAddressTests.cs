using ServeFlow.Sinks.Delivery;
using Xunit;

namespace ServeFlow.Tests.Sinks.Delivery;

public sealed class ReceiverAddressTests
{
    [Theory]
    [InlineData("tcp:logs.example.net:5170", ReceiverKind.Tcp, "logs.example.net", 5170)]
    [InlineData("tls:10.0.0.1:1", ReceiverKind.Tls, "10.0.0.1", 1)]
    [InlineData("tcp:[2001:db8::1]:65535", ReceiverKind.Tcp, "2001:db8::1", 65535)]
    [InlineData("unix:/run/x.sock", ReceiverKind.Unix, "/run/x.sock", 0)]
    [InlineData("unix:a:1", ReceiverKind.Unix, "a:1", 0)]
    public void Parse_Address_IsReadAndWrittenBack(string text, ReceiverKind kind, string host, int port)
    {
        var address = ReceiverAddress.Parse(text);

        Assert.Equal(new(kind, host, port), address);
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("tcp")]
    [InlineData("tcp:")]
    [InlineData("tcp:host")]
    [InlineData("tcp::5170")]
    [InlineData("tcp:host:0")]
    [InlineData("tcp:host:65536")]
    [InlineData("tcp:host:-1")]
    [InlineData("tcp:2001:db8::1:5170")]
    [InlineData("tcp:[host]:5170")]
    [InlineData("tcp:ho st:5170")]
    [InlineData("udp:host:514")]
    [InlineData("host:5170")]
    [InlineData("unix:")]
    public void Parse_NoAddress_SaysWhatToGive(string text) =>
        Assert.Contains("give tcp:HOST:PORT", Assert.Throws<InputException>(() => ReceiverAddress.Parse(text)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Parse_PathThatIsTooLong_IsRefused() => Assert.Contains("107 bytes",
        Assert.Throws<InputException>(() => ReceiverAddress.Parse("unix:/" + new string('x', 107))).Message,
        StringComparison.Ordinal);
}

using ServeFlow.Sinks.Delivery;
using Xunit;

namespace ServeFlow.Tests.Sinks.Delivery;

public sealed class ReceiverConnectionTests
{
    [Fact]
    public void Connect_NameThatNobodyKnows_SaysThatTheNameIsAtFault()
    {
        var error = Assert.Throws<IOException>(() =>
            ReceiverConnection.Connect(new(ReceiverKind.Tcp, "logs.invalid", 5170), null,
                TestContext.Current.CancellationToken).Dispose());

        Assert.Contains("name", error.Message, StringComparison.OrdinalIgnoreCase); // with and without a name server
    }
}

using System.Runtime.CompilerServices;
using ServeFlow.Serving.Workers;
using Xunit;

namespace ServeFlow.Tests.Serving.Workers;

public sealed class PendingFlowLayoutTests
{
    [Fact]
    public void PendingFlow_Size_IsOneCacheLine() => Assert.Equal(64, Unsafe.SizeOf<PendingFlow>());
}

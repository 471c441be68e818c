using ServeFlow.Serving.Sensors;
using Xunit;

namespace ServeFlow.Tests.Serving.Sensors;

public sealed class PromptThreadTests
{
    [Fact]
    public void RequestShortSlices_KernelKnowsSlices_ThreadHasThemAlone()
    {
        Assert.SkipWhen(PromptThread.ReadSliceNs() == 0, "the kernel does not tell time slices");
        var before = PromptThread.ReadSliceNs();
        var within = 0L;
        var thread = new Thread(() =>
        {
            PromptThread.RequestShortSlices();
            within = PromptThread.ReadSliceNs();
        });
        thread.Start();
        thread.Join();
        Assert.Equal(Math.Min(before, PromptThread.SliceNs), within);
        Assert.Equal(before, PromptThread.ReadSliceNs());
    }
}

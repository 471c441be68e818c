using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using Xunit;

namespace ServeFlow.Cli.Tests.Architecture;

/// <summary>A release build starts without waiting for the compiler.</summary>
public sealed class CompiledAheadTests
{
    [Theory]
    [InlineData("serveflow.dll")]
    [InlineData("ServeFlow.Core.dll")]
    [InlineData("System.CommandLine.dll")]
    public void ReleaseBuild_OfThisPlatform_HoldsMachineCode(string name)
    {
        var folder = Path.GetDirectoryName(Repository.Program)!;
        Assert.SkipUnless(Path.GetFileName(folder) == "release" && RuntimeInformation.RuntimeIdentifier == "linux-x64",
            "takes a release build by Microsoft's SDK for linux-x64");

        using var image = new PEReader(File.OpenRead(Path.Combine(folder, name)));

        Assert.NotEqual(0, image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
    }
}

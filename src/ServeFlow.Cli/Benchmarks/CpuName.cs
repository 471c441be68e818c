namespace ServeFlow.Cli.Benchmarks;

/// <summary>Names the processor that a figure was measured on.</summary>
static class CpuName
{
    public static string Value { get; } = Read();

    static string Read()
    {
        const string path = "/proc/cpuinfo";
        var line = File.Exists(path)
            ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':') + 1)..].Trim()
            ?? System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();
    }
}

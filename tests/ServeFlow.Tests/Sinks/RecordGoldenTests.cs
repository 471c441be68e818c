using ServeFlow.Sinks;
using ServeFlow.Tests.Architecture;
using Xunit;

namespace ServeFlow.Tests.Sinks;

/// <summary>
/// Capture in, records out, byte for byte. After a wanted change, SERVEFLOW_UPDATE_GOLDEN=1 rewrites the files, and
/// git shows the difference.
/// </summary>
public sealed class RecordGoldenTests
{
    [Theory]
    [InlineData(RecordFormat.Eve, "sample.eve.json")]
    [InlineData(RecordFormat.Csv, "sample.csv")]
    [InlineData(RecordFormat.Zeek, "sample.conn.log")]
    public void Write_Sample_IsTheGoldenFile(string format, string file)
    {
        var path = Path.Combine(Repository.Root, "tests", "ServeFlow.Tests", "Sinks", "golden", file);
        var text = SampleRecords.Text(format);
        if (Environment.GetEnvironmentVariable("SERVEFLOW_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }
}

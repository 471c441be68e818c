using ServeFlow.Sinks.Formats;
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
        AssertGolden(file, SampleRecords.Text(format));
    }

    [Theory]
    [InlineData(RecordFormat.Eve, "unknown.eve.json")]
    [InlineData(RecordFormat.Csv, "unknown.csv")]
    [InlineData(RecordFormat.Zeek, "unknown.conn.log")]
    public void Write_SampleWithUnknownFlows_IsTheGoldenFile(string format, string file) =>
        AssertGolden(file, SampleRecords.TextOfUnknown(format));

    static void AssertGolden(string file, string text)
    {
        var path = Path.Combine(Repository.Root, "tests", "ServeFlow.Tests", "Sinks", "golden", file);
        if (Environment.GetEnvironmentVariable("SERVEFLOW_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }
}

using ServeFlow.Training.Labelling;
using Xunit;

namespace ServeFlow.Training.Tests.Labelling;

public sealed class ToolRecordReaderTests : IDisposable
{
    readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    /// <summary>Each field has records of its own, whose times are told by these records alone.</summary>
    [Theory]
    [InlineData("""
        {"ts":"5/7/2017 10:01","src":"10.0.0.1","sport":1,"dst":"10.0.0.2","dport":53,"proto":17,"a":"x","b":"1"}
        {"ts":"25/7/2017 10:02","src":"10.0.0.1","sport":2,"dst":"10.0.0.2","dport":53,"proto":17,"a":"unknown","b":"2"}
        {"event_type":"stats","a":"x","b":"3"}

        {"ts":"06/07/2017 10:00:03.5","community_id":"1:abc=","duration":2.5,"in":{"c":"z"},"a":"y"}
        """)]
    [InlineData("""
        ts,src_ip,src_port,dest_ip,dest_port,proto,a,b,in.c
        2017-07-05T10:00:01Z,10.0.0.1,1,10.0.0.2,53,UDP,x,1,
        2017-07-05T10:00:02Z,10.0.0.1,2,10.0.0.2,53,UDP,,2,z
        """)]
    public void Read_SeveralFields_GivesForEachWhatItGivesAlone(string text)
    {
        File.WriteAllText(path, text);
        string[] names = ["a", "B", "in.c"];

        var together = ToolRecordReader.Read(path, names);

        foreach (var (name, found) in names.Zip(together))
        {
            var alone = Assert.Single(ToolRecordReader.Read(path, [name]));
            Assert.Equal((alone.Unnamed, alone.ToleranceNs), (found.Unnamed, found.ToleranceNs));
            Assert.Equal(alone.Records, found.Records);
            Assert.NotEmpty(found.Records);
        }
    }
}

using ServeFlow.Sinks.Files;
using Xunit;

namespace ServeFlow.Tests.Sinks.Files;

public sealed class WriteBehindStreamTests
{
    [Fact]
    public void Write_ManyPieces_AllArriveInOrder()
    {
        using var medium = new MemoryStream();
        using var stream = new WriteBehindStream(medium);
        for (var i = 0; i < 1000; i++)
        {
            stream.Write([(byte)i, (byte)(i >> 8)]);
        }

        stream.Flush();

        Assert.Equal(Enumerable.Range(0, 1000).SelectMany(i => new[] { (byte)i, (byte)(i >> 8) }), medium.ToArray());
    }

    [Fact]
    public void Write_MediumThatFailsForAWhile_LosesAndRepeatsNothing()
    {
        using var medium = new FailingStream();
        using var stream = new WriteBehindStream(medium);
        medium.IsFull = true;
        stream.Write([1]);

        Assert.Throws<IOException>(() => stream.Write([2]));
        Assert.Throws<IOException>(stream.Flush);
        medium.IsFull = false;
        stream.Write([2]);
        stream.Flush();

        Assert.Equal([1, 2], medium.ToArray());
    }

    /// <summary>A medium whose disk can be full, and is emptied again.</summary>
    sealed class FailingStream : MemoryStream
    {
        volatile bool isFull;

        public bool IsFull
        {
            set => isFull = value;
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (isFull)
            {
                throw new IOException("full");
            }

            base.Write(buffer, offset, count);
        }
    }
}

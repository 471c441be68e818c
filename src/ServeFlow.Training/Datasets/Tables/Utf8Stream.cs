using System.Text.Unicode;

namespace ServeFlow.Training.Datasets.Tables;

/// <summary>
/// Passes on the bytes of a text and refuses what is no UTF-8, with its line: read in another encoding, two classes
/// may become one.
/// </summary>
/// <param name="path">The file's name in errors.</param>
sealed class Utf8Stream(Stream inner, string path) : Stream
{
    const byte LineFeed = (byte)'\n';
    const byte FirstContinuation = 0x80;
    const byte LastContinuation = 0xbf;

    int line = 1;
    int missing;
    byte lead;
    byte least = FirstContinuation;
    byte most = LastContinuation;
    bool hasBegun;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InputException">A byte is none of UTF-8, or the file is damaged gzip.</exception>
    public override int Read(Span<byte> buffer)
    {
        var count = ReadInner(buffer);
        var bytes = buffer[..count];
        if (!hasBegun && count > 0)
        {
            hasBegun = true;
            RefuseOtherKinds(bytes);
        }

        if (missing == 0 && !bytes.Contains((byte)0) && Utf8.IsValid(bytes))
        {
            line += bytes.Count(LineFeed);
            return count;
        }

        foreach (var b in bytes)
        {
            Check(b);
        }

        return count > 0 || missing == 0 ? count : throw NotUtf8("the file ends inside a character");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    int ReadInner(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{path}: is damaged gzip: {e.Message.TrimEnd('.')}; give the file whole, or "
                + "unpacked", e);
        }
    }

    /// <summary>Names the encodings and formats that a first look recognises.</summary>
    void RefuseOtherKinds(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]))
        {
            throw new InputException($"{path}:1: is UTF-16, not UTF-8; convert it, for example with "
                + "'iconv -f UTF-16 -t UTF-8'");
        }

        if (bytes.StartsWith("PK\u0003\u0004"u8))
        {
            throw new InputException($"{path}: is a workbook or another zip archive, no text; save the table as CSV "
                + "in UTF-8");
        }

        if (bytes.StartsWith("PAR1"u8))
        {
            throw new InputException($"{path}: is a Parquet file, no text; save the table as CSV");
        }
    }

    /// <summary>Takes one byte as the Unicode Standard's table of well-formed sequences has it (D92).</summary>
    void Check(byte b)
    {
        if (missing > 0)
        {
            if (b < least || b > most)
            {
                throw NotUtf8($"byte 0x{lead:x2}");
            }

            (missing, least, most) = (missing - 1, FirstContinuation, LastContinuation);
            return;
        }

        (missing, least, most) = b switch
        {
            > 0 and < 0x80 => (0, FirstContinuation, LastContinuation),
            >= 0xc2 and <= 0xdf => (1, FirstContinuation, LastContinuation),
            0xe0 => (2, (byte)0xa0, LastContinuation),
            0xed => (2, FirstContinuation, (byte)0x9f),
            >= 0xe1 and <= 0xef => (2, FirstContinuation, LastContinuation),
            0xf0 => (3, (byte)0x90, LastContinuation),
            >= 0xf1 and <= 0xf3 => (3, FirstContinuation, LastContinuation),
            0xf4 => (3, FirstContinuation, (byte)0x8f),
            0 => throw new InputException($"{path}:{line}: holds a zero byte, so it is UTF-16 or no text; give a text "
                + "in UTF-8, converted for example with 'iconv -f UTF-16 -t UTF-8'"),
            _ => throw NotUtf8($"byte 0x{b:x2}"),
        };
        lead = b;
        line += b == LineFeed ? 1 : 0;
    }

    InputException NotUtf8(string what) => new($"{path}:{line}: is not UTF-8 ({what}); convert the file, for example "
        + "with 'iconv -f WINDOWS-1252 -t UTF-8'");
}

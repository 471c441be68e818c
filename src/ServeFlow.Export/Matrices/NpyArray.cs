using System.Runtime.InteropServices;
using System.Text;

namespace ServeFlow.Export.Matrices;

/// <summary>
/// A NumPy array in the .npy format 1.0 (numpy.lib.format) that grows by rows in a scratch file: its header tells
/// the number of rows, so that it is written last. Little-endian, C order, nothing pickled. The scratch file has no
/// name while it is written: nothing of it is left, however the process ends.
/// </summary>
sealed class NpyArray : IDisposable
{
    /// <summary>Leaves room for any of our headers; a multiple of 64, as the format asks for.</summary>
    const int HeaderLength = 128;

    /// <summary>Magic string, version, and the length of what follows.</summary>
    const int PreambleLength = 10;

    readonly FileStream scratch;
    readonly string type;
    readonly int? columns;
    long rows;

    /// <param name="type">NumPy's name of the element type, such as <c>|i1</c>.</param>
    /// <param name="columns">Row length of a matrix; null makes a vector.</param>
    public NpyArray(string scratchPath, string type, int? columns = null)
    {
        this.type = type;
        this.columns = columns;
        scratch = new(scratchPath, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            BufferSize = 1 << 16,
        });
        File.Delete(scratchPath);
        scratch.Write(new byte[HeaderLength]);
    }

    public void AddRow<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        scratch.Write(MemoryMarshal.AsBytes(values));
        rows++;
    }

    public void Add<T>(T value) where T : unmanaged => AddRow([value]);

    /// <summary>Adds a text of fixed width: type <c>&lt;U{width}</c>, UTF-32, padded with zeros.</summary>
    public void AddText(string text, int width)
    {
        Span<byte> utf32 = new byte[4 * width];
        Encoding.UTF32.GetBytes(text, utf32);
        AddRow<byte>(utf32);
    }

    /// <summary>Returns an array of texts, each as wide as the longest.</summary>
    public static NpyArray FromTexts(string scratchPath, IReadOnlyCollection<string> texts)
    {
        var width = texts.Select(Width).DefaultIfEmpty(0).Max();
        var array = new NpyArray(scratchPath, $"<U{Math.Max(1, width)}");
        foreach (var text in texts)
        {
            array.AddText(text, Math.Max(1, width));
        }

        return array;
    }

    /// <summary>Writes the header and copies the whole array.</summary>
    public void CopyTo(Stream destination)
    {
        scratch.Position = 0;
        scratch.Write(Header());
        scratch.Position = 0;
        scratch.CopyTo(destination);
    }

    public void Dispose() => scratch.Dispose();

    static int Width(string text) => Encoding.UTF32.GetByteCount(text) / 4;

    byte[] Header()
    {
        var shape = columns is { } width ? $"({rows}, {width})" : $"({rows},)";
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}";
        var bytes = new byte[HeaderLength];
        bytes.AsSpan().Fill((byte)' ');
        ReadOnlySpan<byte> preamble = [0x93, .. "NUMPY"u8, 1, 0, HeaderLength - PreambleLength, 0];
        preamble.CopyTo(bytes);
        Encoding.ASCII.GetBytes(header, bytes.AsSpan(PreambleLength));
        bytes[^1] = (byte)'\n';
        return bytes;
    }
}

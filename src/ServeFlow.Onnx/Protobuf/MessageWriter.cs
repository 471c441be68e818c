using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ServeFlow.Onnx.Protobuf;

/// <summary>
/// Writes one message in protocol buffers' wire format (protobuf.dev/programming-guides/encoding): the few kinds of
/// field that an ONNX file of trees needs. Fields are written in the order of the calls.
/// </summary>
sealed class MessageWriter
{
    /// <summary>Wire types.</summary>
    const int Varint = 0, Delimited = 2;

    readonly ArrayBufferWriter<byte> bytes = new();

    public ReadOnlySpan<byte> Bytes => bytes.WrittenSpan;

    public MessageWriter Integer(int field, long value)
    {
        Key(field, Varint);
        Write((ulong)value);
        return this;
    }

    public MessageWriter Text(int field, string value) => Block(field, Encoding.UTF8.GetBytes(value));

    public MessageWriter Message(int field, MessageWriter inner) => Block(field, inner.Bytes);

    /// <summary>A repeated float, packed: readers take that of any version of the format.</summary>
    public MessageWriter Floats(int field, ReadOnlySpan<float> values)
    {
        Key(field, Delimited);
        Write((ulong)values.Length * sizeof(float));
        foreach (var value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.GetSpan(sizeof(float)), value);
            bytes.Advance(sizeof(float));
        }

        return this;
    }

    /// <inheritdoc cref="Floats"/>
    public MessageWriter Integers(int field, ReadOnlySpan<long> values)
    {
        var packed = new MessageWriter();
        foreach (var value in values)
        {
            packed.Write((ulong)value);
        }

        return Message(field, packed);
    }

    MessageWriter Block(int field, ReadOnlySpan<byte> content)
    {
        Key(field, Delimited);
        Write((ulong)content.Length);
        bytes.Write(content);
        return this;
    }

    void Key(int field, int wireType) => Write((ulong)((field << 3) | wireType));

    void Write(ulong value)
    {
        var room = bytes.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            room[length++] = (byte)(value | 0x80);
        }

        room[length++] = (byte)value;
        bytes.Advance(length);
    }
}

using System.Collections;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using ServeFlow.Kafka.Messages;
using ServeFlow.Sinks.Delivery;
using ServeFlow.Sinks.Spools;

namespace ServeFlow.Kafka;

/// <summary>
/// Makes messages of docs/formats/records.proto from spooled lines of EVE. Fields are found by their names, which are
/// the same in both; the types are those of the message. A field that the message does not have is left out.
/// </summary>
static class RecordMessage
{
    /// <summary>Numbers the value in an entry of a map, as Protobuf defines it.</summary>
    const int MapValue = 2;

    static readonly FrozenDictionary<MessageDescriptor, FrozenDictionary<string, FieldDescriptor>> Fields =
        RecordsReflection.Descriptor.MessageTypes.ToFrozenDictionary(message => message,
            message => message.Fields.InDeclarationOrder().ToFrozenDictionary(field => field.Name));

    /// <summary>Encodes a record.</summary>
    /// <param name="record">The record, whose payload is a line of EVE.</param>
    public static byte[] Encode(SpooledRecord record)
    {
        using var line = JsonDocument.Parse(record.Payload.ToArray());
        Span<byte> id = stackalloc byte[RecordId.MaxLength];
        var message = new Record { RecordId = Encoding.ASCII.GetString(id[..RecordId.Write(record, id)]) };
        Fill(message, line.RootElement);
        return message.ToByteArray();
    }

    static IMessage Fill(IMessage message, JsonElement json)
    {
        var fields = Fields[message.Descriptor];
        foreach (var property in json.EnumerateObject())
        {
            if (fields.TryGetValue(property.Name, out var field))
            {
                Set(message, field, property.Value);
            }
        }

        return message;
    }

    static void Set(IMessage message, FieldDescriptor field, JsonElement json)
    {
        if (field.IsMap)
        {
            var map = (IDictionary)field.Accessor.GetValue(message);
            var value = field.MessageType.FindFieldByNumber(MapValue);
            foreach (var entry in json.EnumerateObject())
            {
                map[entry.Name] = Read(value, entry.Value);
            }
        }
        else if (field.IsRepeated)
        {
            var list = (IList)field.Accessor.GetValue(message);
            foreach (var item in json.EnumerateArray())
            {
                list.Add(Read(field, item));
            }
        }
        else
        {
            field.Accessor.SetValue(message, Read(field, json));
        }
    }

    static object Read(FieldDescriptor field, JsonElement json) => field.FieldType switch
    {
        FieldType.String => json.GetString()!,
        FieldType.Bool => json.GetBoolean(),
        FieldType.Double => json.GetDouble(),
        FieldType.Int32 => json.GetInt32(),
        FieldType.Int64 => json.GetInt64(),
        FieldType.UInt64 => json.GetUInt64(),
        FieldType.UInt32 when json.ValueKind == JsonValueKind.String => ReadFlags(json),
        FieldType.UInt32 => json.GetUInt32(),
        _ when field.MessageType == Timestamp.Descriptor => ReadTime(json),
        _ when field.MessageType == Candidate.Descriptor => ReadCandidate(json),
        _ => Fill(field.MessageType.Parser.ParseFrom(ByteString.Empty), json),
    };

    static object ReadFlags(JsonElement json) =>
        uint.Parse(json.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    static Timestamp ReadTime(JsonElement json) => Timestamp.FromDateTimeOffset(EveLine.ParseTime(json.GetString()!));

    static Candidate ReadCandidate(JsonElement pair) =>
        new() { Label = pair[0].GetString(), Probability = pair[1].GetDouble() };
}

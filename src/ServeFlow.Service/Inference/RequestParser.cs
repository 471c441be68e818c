using System.Text.Json;

namespace ServeFlow.Service.Inference;

/// <summary>
/// Reads the JSON of a request. Numbers of tensors are left where they are: their array is found, and the reader goes
/// on behind it.
/// </summary>
ref struct RequestParser
{
    const int MaxInputs = 16;

    readonly Span<byte> json;
    Utf8JsonReader reader;
    int origin;

    RequestParser(Span<byte> json)
    {
        this.json = json;
        reader = new(json, isFinalBlock: true, default);
    }

    /// <summary>Reads a request.</summary>
    /// <param name="json">The JSON, whole; one byte of each tensor is overwritten.</param>
    /// <exception cref="RequestException">It is not JSON, or a field is wrong.</exception>
    public static InferenceRequest Parse(Span<byte> json)
    {
        try
        {
            return new RequestParser(json).ReadRequest();
        }
        catch (JsonException e)
        {
            throw RequestException.NotJson(e);
        }
        catch (InvalidOperationException)
        {
            throw new RequestException(400, "the body: a string in it is no UTF-8");
        }
    }

    InferenceRequest ReadRequest()
    {
        string? id = null;
        List<InputTensor>? inputs = null;
        var outputs = new List<string>();
        Expect("the body", JsonTokenType.StartObject, "an object");
        var seen = new HashSet<string>();
        while (ReadName(seen, "", out var name))
        {
            switch (name)
            {
                case "id":
                    id = ReadString(name);
                    break;
                case "inputs":
                    inputs = ReadInputs();
                    break;
                case "outputs":
                    ReadOutputs(outputs);
                    break;
                case "parameters":
                    SkipObject(name);
                    break;
                default:
                    throw Unknown(name, "id, parameters, inputs and outputs");
            }
        }

        if (reader.Read())
        {
            throw new RequestException(400, "the body has more after its object");
        }

        return new()
        {
            Id = id,
            Inputs = inputs ?? throw RequestException.Field("inputs", "is missing"),
            Outputs = outputs,
        };
    }

    List<InputTensor> ReadInputs()
    {
        var inputs = new List<InputTensor>();
        Expect("inputs", JsonTokenType.StartArray, "an array of tensors");
        while (Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Require(reader.TokenType == JsonTokenType.StartObject && inputs.Count < MaxInputs,
                $"inputs[{inputs.Count}]", "give an object, and one input");
            inputs.Add(ReadInput($"inputs[{inputs.Count}]"));
        }

        return inputs;
    }

    InputTensor ReadInput(string place)
    {
        var input = new InputTensor();
        var seen = new HashSet<string>();
        while (ReadName(seen, $"{place}.", out var name))
        {
            var field = $"{place}.{name}";
            input = name switch
            {
                "name" => input with { Name = ReadString(field) },
                "datatype" => input with { Datatype = ReadString(field) },
                "shape" => input with { Shape = ReadShape(field) },
                "data" => input with { Data = ReadData(field) },
                "parameters" => input with { BinarySize = ReadBinarySize(field) },
                _ => throw Unknown(field, "name, datatype, shape, parameters and data"),
            };
        }

        return input;
    }

    List<long> ReadShape(string field)
    {
        var shape = new List<long>();
        Expect(field, JsonTokenType.StartArray, "an array of whole numbers");
        while (Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Require(reader.TokenType == JsonTokenType.Number && shape.Count < MaxInputs, field,
                "give an array of whole numbers");
            shape.Add(reader.TryGetInt64(out var size) ? size : -1);
        }

        return shape;
    }

    /// <summary>Goes over the numbers: the last bracket becomes a digit, with which the reader goes on.</summary>
    Range ReadData(string field)
    {
        var start = origin + (int)reader.BytesConsumed;
        while (start < json.Length && json[start] <= ' ')
        {
            start++;
        }

        var length = start < json.Length && json[start] == '[' ? TensorText.FindEnd(json[start..]) : -1;
        Require(length > 0, field, "give an array of numbers");
        var last = start + length - 1;
        json[last] = (byte)'0';
        reader = new(json[last..], isFinalBlock: true, reader.CurrentState);
        origin = last;
        Read();
        return (start + 1)..last;
    }

    long? ReadBinarySize(string field)
    {
        long? size = null;
        Expect(field, JsonTokenType.StartObject, "an object");
        var seen = new HashSet<string>();
        while (ReadName(seen, $"{field}.", out var name))
        {
            if (name != "binary_data_size")
            {
                reader.Skip();
                continue;
            }

            Read();
            Require(reader.TokenType == JsonTokenType.Number, $"{field}.{name}", "give a number of bytes");
            size = reader.TryGetInt64(out var bytes) ? bytes : -1;
        }

        return size;
    }

    void ReadOutputs(List<string> outputs)
    {
        Expect("outputs", JsonTokenType.StartArray, "an array of objects with a name");
        while (Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var place = $"outputs[{outputs.Count}]";
            Require(reader.TokenType == JsonTokenType.StartObject && outputs.Count < MaxInputs, place,
                "give an object with a name");
            string? wanted = null;
            var seen = new HashSet<string>();
            while (ReadName(seen, $"{place}.", out var name))
            {
                if (name == "name")
                {
                    wanted = ReadString($"{place}.name");
                }
                else if (name == "parameters")
                {
                    SkipObject($"{place}.{name}");
                }
                else
                {
                    reader.Skip();
                }
            }

            outputs.Add(wanted ?? throw RequestException.Field($"{place}.name", "is missing"));
        }
    }

    string ReadString(string field)
    {
        Expect(field, JsonTokenType.String, "a string");
        return reader.GetString()!;
    }

    /// <summary>Reads the name of the next field; false at the object's end.</summary>
    /// <param name="seen">The names of the object so far: readers do not agree on which of two fields holds.</param>
    /// <param name="place">Where the object stands, before each name.</param>
    bool ReadName(HashSet<string> seen, string place, out string name)
    {
        Read();
        name = reader.TokenType == JsonTokenType.PropertyName ? reader.GetString()! : "";
        if (reader.TokenType == JsonTokenType.PropertyName && !seen.Add(name))
        {
            throw RequestException.Twice(place + name);
        }

        return reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Passes over an object that says nothing here.</summary>
    void SkipObject(string field)
    {
        Expect(field, JsonTokenType.StartObject, "an object");
        reader.Skip();
    }

    void Expect(string field, JsonTokenType type, string kind)
    {
        Read();
        Require(reader.TokenType == type, field, $"give {kind}");
    }

    bool Read() => reader.Read() ? true : throw new RequestException(400, "the body: ends too soon");

    static void Require(bool holds, string field, string problem)
    {
        if (!holds)
        {
            throw RequestException.Field(field, problem);
        }
    }

    static RequestException Unknown(string field, string known) =>
        RequestException.Field(InputException.Quote(field), $"is no field; there are {known}");
}

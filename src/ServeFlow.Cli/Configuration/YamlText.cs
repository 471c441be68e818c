using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ServeFlow.Cli.Configuration;

/// <summary>
/// Reads YAML into nodes that know their lines. Anchors and aliases are refused, so that a small file cannot stand for
/// a huge one; so are duplicate keys. All of these are collected; a text that is no YAML gives the first place.
/// </summary>
sealed class YamlText
{
    /// <summary>Far beyond any configuration.</summary>
    const int MaxBytes = 1 << 20;

    /// <summary>Sections, a list of outputs, lists inside: four are in use.</summary>
    const int MaxDepth = 16;

    readonly Layer layer;
    readonly string name;
    readonly List<ConfigurationError> errors;
    readonly Parser parser;

    YamlText(Layer layer, string name, string text, List<ConfigurationError> errors)
    {
        this.layer = layer;
        this.name = name;
        this.errors = errors;
        parser = new(new StringReader(text));
    }

    /// <summary>Reads a file; an empty one is a map without entries.</summary>
    /// <exception cref="InputException">It cannot be read, or is no text.</exception>
    public static ConfigurationNode ReadFile(string path, List<ConfigurationError> errors)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[MaxBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= MaxBytes
                ? Parse(Layer.File, path, Decode(path, bytes.AsSpan(0, length)), errors)
                : throw new InputException($"{path}: is larger than 1 MiB: give a configuration file");
        }
        catch (DecoderFallbackException e)
        {
            throw new InputException($"{path}: is not UTF-8 text: give a YAML file", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: no such file: give a configuration file; 'serveflow config dump' writes "
                + "one with every setting", e);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{path}: cannot be read: {(Directory.Exists(path) ? "it is a directory"
                : e.Message.TrimEnd('.'))}; give a configuration file", e);
        }
    }

    /// <summary>Reads a text; what is wrong is added to the errors.</summary>
    public static ConfigurationNode Parse(Layer layer, string name, string text, List<ConfigurationError> errors)
    {
        var reader = new YamlText(layer, name, text, errors);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException e)
        {
            var place = reader.At(e.Start);
            if (place.Line > 0 && e.Message.Contains("invalid tab", StringComparison.Ordinal))
            {
                place = FindTab(place, text);
            }

            errors.Add(new(place, "", $"is no YAML: {Reason(e)}"));
            return MapNode.Empty(place);
        }
        catch (InvalidOperationException) // the parser's own, after some texts that end too early
        {
            var place = reader.At(reader.parser.Current?.Start ?? Mark.Empty);
            errors.Add(new(place, "", "is no YAML: something begins there and does not end; look at quotes and "
                + "brackets"));
            return MapNode.Empty(place);
        }
    }

    /// <summary>Finds the tab of an indentation. The parser names where the mapping begins that it is in.</summary>
    static Origin FindTab(Origin mapping, string text) => mapping with
    {
        Line = mapping.Line + text.Split('\n').Skip(mapping.Line - 1)
            .TakeWhile(line => !line.TakeWhile(char.IsWhiteSpace).Contains('\t')).Count(),
    };

    static string Reason(YamlException e)
    {
        var text = InputException.Quote(e.Message);
        var from = text.IndexOf("): ", StringComparison.Ordinal); // past the parser's own place
        return (from >= 0 ? text[(from + 3)..] : text).TrimEnd('.')
            + "; look at indentation, quotes and brackets there";
    }

    Origin At(Mark mark) => new(layer, name, layer == Layer.File ? (int)Math.Max(1, mark.Line) : 0);

    ConfigurationNode ReadDocument()
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            return MapNode.Empty(At(Mark.Empty));
        }

        var node = ReadNode(0);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
        {
            Refuse(second.Start, "", "a second document begins: a configuration is one");
        }

        return node is ScalarNode { Text: null } ? MapNode.Empty(node.Origin) : node;
    }

    ConfigurationNode ReadNode(int depth)
    {
        if (parser.Accept<NodeEvent>(out var node) && !node.Anchor.IsEmpty)
        {
            Refuse(node.Start, "", $"&{node.Anchor.Value} is an anchor, which is not read: write the value out");
        }

        if (depth > MaxDepth)
        {
            throw new YamlException(parser.Current!.Start, parser.Current.End, "it is nested too deeply");
        }

        if (parser.TryConsume<Scalar>(out var scalar))
        {
            var isNull = scalar.IsPlainImplicit && scalar.Value is "" or "~" or "null";
            return new ScalarNode(At(scalar.Start), isNull ? null : scalar.Value);
        }

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            Refuse(alias.Start, "", $"*{alias.Value} stands for another value: write the value out");
            return new ScalarNode(At(alias.Start), null);
        }

        return parser.TryConsume<SequenceStart>(out var list) ? ReadList(list, depth)
            : ReadMap(parser.Consume<MappingStart>(), depth);
    }

    ListNode ReadList(SequenceStart start, int depth)
    {
        var items = new List<ConfigurationNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new(At(start.Start), items);
    }

    MapNode ReadMap(MappingStart start, int depth)
    {
        var map = MapNode.Empty(At(start.Start));
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is not ScalarNode { Text: { } text })
            {
                errors.Add(new(key.Origin, "", "a key is no word: give the name of a setting"));
            }
            else if (!map.Entries.TryAdd(text, value with { Origin = key.Origin }))
            {
                errors.Add(new(key.Origin, text, $"{InputException.Quote(text)}: stands here twice, first in line "
                    + $"{map.Entries[text].Origin.Line}: leave one out"));
            }
        }

        return map;
    }

    void Refuse(Mark mark, string key, string message) => errors.Add(new(At(mark), key, message));

    /// <summary>
    /// Editors of Windows put a byte order mark in front. The parser takes a zero for the end of the text, and would
    /// leave out in silence what stands behind one, as in a file that a crash has damaged.
    /// </summary>
    static string Decode(string path, ReadOnlySpan<byte> bytes)
    {
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true)
            .GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);
        return text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var zero
            ? throw new InputException($"{path}:{text.AsSpan(0, zero).Count('\n') + 1}: has a byte of zero: the file "
                + "is damaged, or is no UTF-8 text: write it anew")
            : text;
    }
}

using System.Reflection;
using System.Reflection.Emit;

namespace ServeFlow.Cli.Tests.Architecture;

/// <summary>Every type that a type's compiled form names: in signatures, base types, locals and instructions.</summary>
static class IlReferences
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    static readonly Dictionary<short, OpCode> opCodes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    public static IEnumerable<Type> Find(Type type) => Named(type).SelectMany(Parts).Distinct();

    static IEnumerable<Type> Named(Type type)
    {
        foreach (var named in type.GetInterfaces().Append(type.BaseType).OfType<Type>())
        {
            yield return named;
        }

        foreach (var constraint in type.GetGenericArguments().Where(a => a.IsGenericParameter)
            .SelectMany(a => a.GetGenericParameterConstraints()))
        {
            yield return constraint;
        }

        foreach (var field in type.GetFields(Declared))
        {
            yield return field.FieldType;
        }

        foreach (var method in type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)))
        {
            foreach (var named in Signature(method).Concat(Body(method)))
            {
                yield return named;
            }
        }
    }

    static IEnumerable<Type> Signature(MethodBase method)
    {
        var types = method.GetParameters().Select(parameter => parameter.ParameterType);
        return method is MethodInfo info ? types.Append(info.ReturnType) : types;
    }

    static IEnumerable<Type> Body(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
        {
            return [];
        }

        return body.LocalVariables.Select(local => local.LocalType)
            .Concat(body.ExceptionHandlingClauses
                .Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause)
                .Select(clause => clause.CatchType!))
            .Concat(Tokens(body.GetILAsByteArray()!).SelectMany(token => Resolve(method, token)));
    }

    static IEnumerable<int> Tokens(byte[] il)
    {
        for (var at = 0; at < il.Length;)
        {
            var code = opCodes[il[at] == 0xfe ? (short)(0xfe00 | il[at + 1]) : il[at]];
            at += code.Size;
            if (code.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok
                or OperandType.InlineType)
            {
                yield return BitConverter.ToInt32(il, at);
            }

            at += OperandSize(code.OperandType, il, at);
        }
    }

    static int OperandSize(OperandType operand, byte[] il, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
        _ => 4,
    };

    static IEnumerable<Type> Resolve(MethodBase method, int token)
    {
        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return method.Module.ResolveMember(token, typeArguments, methodArguments) switch
        {
            Type type => [type],
            FieldInfo field => [field.DeclaringType!, field.FieldType],
            MethodInfo called => Signature(called).Concat(called.GetGenericArguments()).Append(called.DeclaringType!),
            ConstructorInfo called => Signature(called).Append(called.DeclaringType!),
            _ => [],
        };
    }

    /// <summary>A constructed type's own parts: element types and type arguments.</summary>
    static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
        {
            return Parts(type.GetElementType()!);
        }

        return type.IsConstructedGenericType
            ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
            : [type];
    }
}

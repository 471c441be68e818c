using Microsoft.AspNetCore.Http;
using ServeFlow.Service;

namespace ServeFlow.Dashboard.Access;

/// <summary>
/// Decides who may see the page. Where nothing is to be shown, only this machine may; with a token a browser signs in
/// and keeps a cookie that other sites cannot use; with a client certificate it shows that.
/// </summary>
sealed class PageAccess(HttpAccess http)
{
    public const string SignIn = "/sign-in";
    public const string SignOut = "/sign-out";
    public const string Assets = "/assets";
    public const string Circuit = "/_blazor";

    const string FormType = "application/x-www-form-urlencoded";

    /// <summary>Scripts and styles are the program's own files, and nothing else runs.</summary>
    const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        + "connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    static readonly TimeSpan SessionTime = TimeSpan.FromHours(12);

    /// <summary>The wait after a wrong token, which slows down guessing.</summary>
    static readonly TimeSpan Refusal = TimeSpan.FromSeconds(1);

    readonly AccessToken? token = http.Token;

    /// <summary>Gets whether users sign in.</summary>
    public bool HasToken => token is not null;

    public static bool Owns(PathString path) => path == "/" || path == SignIn || path == SignOut
        || path.StartsWithSegments(Assets) || path.StartsWithSegments(Circuit);

    /// <summary>Gets until when a caller may see the page: until the certificate ends, or the session of one who signed
    /// in.</summary>
    public DateTimeOffset FindEnd(HttpContext context) =>
        !http.IsGuarded || HttpAccess.IsSocket(context)
            || token?.IsShown(context.Request.Headers.Authorization) is true ? DateTimeOffset.MaxValue
            : http.FindCertificateEnd(context) ?? ReadSession(context) ?? DateTimeOffset.MinValue;

    /// <summary>Determines whether a caller may control the sensor: one who showed what is asked for, or holds the
    /// socket.</summary>
    public bool MayControl(HttpContext context) =>
        HttpAccess.IsSocket(context) || (http.IsGuarded && IsKnown(context));

    public Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin"; // without referrers, browsers send no Origin with a form
        headers.CacheControl = "no-store";
        return Refuse(context) is var (status, message) ? RefuseAsync(context, status, message)
            : NeedsSignIn(context) ? AskForSignInAsync(context)
            : next(context);
    }

    /// <summary>Answers the form with the token: a cookie and the page, or the form again.</summary>
    public async Task<IResult> SignInAsync(HttpContext context)
    {
        if (context.Request.ContentType?.Split(';')[0].Trim() is not FormType)
        {
            return Error(StatusCodes.Status415UnsupportedMediaType, $"Content-Type: give {FormType}");
        }

        if (await ReadTokenAsync(context.Request) is not { } shown)
        {
            return Error(StatusCodes.Status400BadRequest, "token: is missing: the form has one field of that name");
        }

        if (token is not null && !token.IsEqual(shown))
        {
            await Task.Delay(Refusal, context.RequestAborted);
            return Results.LocalRedirect($"{SignIn}?wrong");
        }

        var end = DateTimeOffset.UtcNow + SessionTime;
        context.Response.Cookies.Append(NameCookie(context), token?.CreateSession(end) ?? "",
            CreateCookie(context, end));
        return Results.LocalRedirect("/");
    }

    /// <summary>Reads the token of the form; null where there is none, or several.</summary>
    static async Task<string?> ReadTokenAsync(HttpRequest request)
    {
        try
        {
            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return form["token"] is [{ } shown] ? shown : null;
        }
        catch (InvalidDataException)
        {
            return null; // more fields, or longer ones, than a form has
        }
    }

    public IResult SignUserOut(HttpContext context)
    {
        context.Response.Cookies.Delete(NameCookie(context), CreateCookie(context, null));
        return Results.LocalRedirect(HasToken ? SignIn : "/");
    }

    /// <summary>Browsers do not tell ports apart: two sensors of one address, also through tunnels, have two cookies.
    /// </summary>
    static string NameCookie(HttpContext context) =>
        $"serveflow-{context.Request.Host.Port ?? context.Connection.LocalPort}";

    static CookieOptions CreateCookie(HttpContext context, DateTimeOffset? end) => new()
    {
        HttpOnly = true,
        SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict,
        Secure = context.Request.IsHttps // or a proxy before this sensor is
            || context.Request.Headers.Origin.ToString().StartsWith("https:", StringComparison.OrdinalIgnoreCase),
        Path = "/",
        Expires = end,
        IsEssential = true,
    };

    /// <summary>Gets why a request is not answered; null where it is, or where its user is to sign in.</summary>
    (int Status, string Message)? Refuse(HttpContext context)
    {
        var request = context.Request;
        if (!HttpAccess.IsSocket(context) && !http.IsGuarded && !HttpAddress.IsLoopbackName(request.Host.Host))
        {
            return (StatusCodes.Status421MisdirectedRequest,
                $"Host '{InputException.Quote(request.Host.Host)}': is not this machine's loopback address");
        }

        if (!Uri.TryCreate($"{request.Scheme}://{request.Host}/", UriKind.Absolute, out _))
        {
            return (StatusCodes.Status400BadRequest,
                $"Host '{InputException.Quote(request.Host.ToString())}': is no name of a machine");
        }

        var origin = request.Headers.Origin.ToString();
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (origin.Length > 0 ? HttpAccess.IsFromElsewhere(request) : !isRead)
        {
            return (StatusCodes.Status403Forbidden, origin.Length > 0
                ? $"Origin '{InputException.Quote(origin)}': is another site" : "Origin: is missing");
        }

        return isRead || (HttpMethods.IsPost(request.Method) && TakesPost(request.Path)) ? null
            : (StatusCodes.Status405MethodNotAllowed,
                $"{InputException.Quote(request.Method)}: is not allowed on this path");
    }

    static bool TakesPost(PathString path) =>
        path == SignIn || path == SignOut || path.StartsWithSegments(Circuit);

    /// <summary>The form and its style are for everyone, and tell nothing of the sensor.</summary>
    bool NeedsSignIn(HttpContext context)
    {
        var path = context.Request.Path;
        return path != SignIn && !path.StartsWithSegments(Assets) && !IsKnown(context);
    }

    bool IsKnown(HttpContext context) => FindEnd(context) > DateTimeOffset.MinValue;

    DateTimeOffset? ReadSession(HttpContext context) =>
        token?.ReadSession(context.Request.Cookies[NameCookie(context)], DateTimeOffset.UtcNow);

    Task AskForSignInAsync(HttpContext context) => !HasToken
        ? RefuseAsync(context, StatusCodes.Status401Unauthorized, http.Refusal)
        : context.Request.Path == "/" ? Results.LocalRedirect(SignIn).ExecuteAsync(context)
        : RefuseAsync(context, StatusCodes.Status401Unauthorized, "sign in first");

    /// <summary>Refuses with the headers that HTTP asks for beside a status: what is allowed, or how to sign in.
    /// </summary>
    Task RefuseAsync(HttpContext context, int status, string message)
    {
        if (status == StatusCodes.Status405MethodNotAllowed)
        {
            context.Response.Headers.Allow = TakesPost(context.Request.Path) ? "GET, HEAD, POST" : "GET, HEAD";
        }

        http.AddChallenge(context.Response, status);
        return Error(status, message).ExecuteAsync(context);
    }

    static IResult Error(int status, string message) => Results.Json(new { error = message }, statusCode: status);
}

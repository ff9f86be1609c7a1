#Requires -Version 7.0
<#
.SYNOPSIS
    Send a file from an extract job: sign in, rehearse, send, wait, print what was found.
.DESCRIPTION
    A file of at most 50 MB, in one body, signed for by a P-384 key in PEM. The same command again asks what
    became of the same file; another -Run sends it anew. Findings go to the output, one JSON object a line; it
    ends with 0 when the file was taken or waits for a person.
.EXAMPLE
    ./ExtractClient.ps1 -Hospital https://comanage.example.org/t/riverside -Client $id -Key private.pem `
        -Kid 2026-10 -Feed $feed -Period 2026-10 -File stays.csv
#>
param(
    [Parameter(Mandatory)] [string] $Hospital,
    [Parameter(Mandatory)] [string] $Client,
    [Parameter(Mandatory)] [string] $Key,
    [Parameter(Mandatory)] [string] $Kid,
    [Parameter(Mandatory)] [string] $Feed,
    [Parameter(Mandatory)] [string] $Period,
    [Parameter(Mandatory)] [string] $File,
    [string] $Run = 'first'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$Api = $Hospital.TrimEnd('/') + '/api/v1'
$MediaTypes = @{
    '.csv'     = 'text/csv'
    '.tsv'     = 'text/tab-separated-values'
    '.ndjson'  = 'application/x-ndjson'
    '.json'    = 'application/json'
    '.xlsx'    = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    '.parquet' = 'application/vnd.apache.parquet'
}

function Assert-Safe([string] $Address) {
    # Otherwise anybody on the way reads the token.
    $uri = [uri] $Address
    if ($uri.Scheme -ne 'https' -and -not $uri.IsLoopback) { throw 'Only https is safe.' }
}

function ConvertTo-Base64Url([byte[]] $Bytes) {
    [Convert]::ToBase64String($Bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_')
}

function ConvertTo-JwtPart($Value) {
    ConvertTo-Base64Url ([Text.Encoding]::UTF8.GetBytes((ConvertTo-Json $Value -Compress)))
}

function Invoke-Api([string] $Method, [string] $Address, [hashtable] $Headers = @{}, $Body = $null, [string] $Kind = '') {
    $request = @{
        Method             = $Method
        Uri                = $Address
        Headers            = $Headers
        MaximumRedirection = 0
        MaximumRetryCount  = 5
        RetryIntervalSec   = 5
        SkipHttpErrorCheck = $true
    }
    if ($null -ne $Body) { $request.Body = $Body; $request.ContentType = $Kind }
    $answer = Invoke-WebRequest @request
    $content = $answer.Content
    if ($content -is [byte[]]) { $content = [Text.Encoding]::UTF8.GetString($content) }
    if ($answer.StatusCode -ge 300) { throw "$($answer.StatusCode): $content" }
    [pscustomobject] @{ Status = $answer.StatusCode; Headers = $answer.Headers; Content = $content }
}

function Get-Token {
    $found = Invoke-Api GET "$Api/.well-known/smart-configuration"
    $audience = (ConvertFrom-Json $found.Content).token_endpoint
    Assert-Safe $audience
    $now = [DateTimeOffset]::UtcNow.ToUnixTimeSeconds()
    $head = ConvertTo-JwtPart ([ordered] @{ alg = 'ES384'; typ = 'JWT'; kid = $Kid })
    $claims = ConvertTo-JwtPart ([ordered] @{
            iss = $Client; sub = $Client; aud = $audience
            iat = $now; exp = $now + 240; jti = [guid]::NewGuid().ToString('N')
        })
    $pair = [Security.Cryptography.ECDsa]::Create()
    $pair.ImportFromPem((Get-Content -Raw $Key))
    # .NET signs as JWS wants it: r and s, one after the other.
    $text = [Text.Encoding]::ASCII.GetBytes("$head.$claims")
    $signature = $pair.SignData($text, [Security.Cryptography.HashAlgorithmName]::SHA384)
    $form = @{
        grant_type            = 'client_credentials'
        client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
        client_assertion      = "$head.$claims.$(ConvertTo-Base64Url $signature)"
    }
    $granted = Invoke-Api POST $audience @{} $form 'application/x-www-form-urlencoded'
    (ConvertFrom-Json $granted.Content).access_token
}

function Send-File([string] $Mode) {
    $names = [Text.Encoding]::UTF8.GetBytes(($Feed, $Period, $Mode, $Run, $Sha256 -join "`n"))
    $headers = @{
        'Authorization'   = "Bearer $(Get-Token)"
        'Content-Digest'  = "sha-256=:$([Convert]::ToBase64String([Convert]::FromHexString($Sha256))):"
        'Idempotency-Key' = [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($names)).ToLower()
    }
    $query = "period=$([uri]::EscapeDataString($Period))&mode=$Mode"
    $sent = Invoke-Api POST "$Api/feeds/$Feed/submissions?$query" $headers $Content $MediaType
    $address = [uri]::new([uri] $Api, [string] $sent.Headers.Location[0]).AbsoluteUri
    do {
        $asking = @{ Authorization = "Bearer $(Get-Token)" }
        $answer = Invoke-Api GET $address $asking
        if ($answer.Status -eq 202) { Start-Sleep -Seconds ([int] $answer.Headers.'Retry-After'[0]) }
    } while ($answer.Status -eq 202)
    $became = ConvertFrom-Json $answer.Content
    [Console]::Error.WriteLine("${Mode}: $($became.status), $($became.rows) rows, $($became.findings) findings")
    $became
}

Assert-Safe $Hospital
$MediaType = $MediaTypes[[IO.Path]::GetExtension($File).ToLower()]
if (-not $MediaType) { throw "The ending of the file says no kind: use $($MediaTypes.Keys -join ', ')." }
$Content = [IO.File]::ReadAllBytes((Resolve-Path $File))
$Sha256 = [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($Content)).ToLower()
$became = Send-File 'dry-run'
if ($became.status -eq 'checked') { $became = Send-File 'commit' }
$outcome = [uri]::new([uri] $Api, $became.outcome).AbsoluteUri
$asking = @{ Authorization = "Bearer $(Get-Token)" }
(Invoke-Api GET $outcome $asking).Content
if ($became.status -notin 'accepted', 'superseded', 'held') { exit 1 }

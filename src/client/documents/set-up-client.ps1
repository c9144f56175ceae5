# What a Windows host that uses a cluster's HSMs does: `set-up`, once, when it first boots, and `follow` from then on, each time its scheduled task runs.
#
# Success: the last line of output is a JSON object. Failure: a line `cloudhsm-error <Code> <sentence>` on standard error, exit code 1.
$ErrorActionPreference = 'Stop'
# The bar that shows progress makes downloads crawl.
$ProgressPreference = 'SilentlyContinue'
# By itself Windows Server 2016 offers older versions only, which Amazon S3 refuses.
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12

$Bin = 'C:\Program Files\Amazon\CloudHSM\bin'
$Data = 'C:\ProgramData\Amazon\CloudHSM'
$Anchor = "$Data\customerCA.crt"
# What is remembered of a cluster, beside this script: only administrators write there.
$Known = "$PSScriptRoot\addresses"

function Stop-With([string] $Code, [string] $Sentence) {
  [Console]::Error.WriteLine("cloudhsm-error $Code $Sentence")
  exit 1
}

# Of all HSMs that the cluster has now, in one line: just what the tools would find.
function Find-Addresses {
  try {
    $cluster = Get-HSM2Cluster -Region $Region -Filter @{ clusterIds = $ClusterId }
  } catch {
    Stop-With 'ClusterUnreadable' "the host's role cannot look up the HSMs of cluster $ClusterId; check its policy and its way to the CloudHSM API"
  }
  @($cluster.Hsms | Where-Object { $_.EniIp } | ForEach-Object { $_.EniIp } | Sort-Object) -join ' '
}

function Install-Component([string] $Name) {
  $file = "AWSCloudHSM$Name-$PackageRelease.msi"
  $path = Join-Path $PSScriptRoot $file
  try {
    if ($PackageSource -like 's3://*') {
      $bucket, $folder = ($PackageSource -replace '^s3://', '') -split '/', 2
      if ($folder) { $key = "$folder/$file" } else { $key = $file }
      Read-S3Object -Region $Region -BucketName $bucket -Key $key -File $path | Out-Null
    } else {
      Invoke-WebRequest -UseBasicParsing -Uri "$PackageSource/$file" -OutFile $path
    }
  } catch {
    Stop-With 'PackageUnreachable' "cannot download $PackageSource/$file; the client needs a way to Amazon S3, or packages in a bucket of yours"
  }
  foreach ($line in $PackageChecksums -split ',') {
    $sum, $of = $line -split ' ', 2
    if ($of -eq $file -and (Get-FileHash -Algorithm SHA256 -Path $path).Hash -ne $sum) {
      Remove-Item -Path $path
      Stop-With 'PackageChecksumWrong' "$PackageSource/$file does not have the SHA-256 sum $sum; it is not installed"
    }
  }
  $log = Join-Path $PSScriptRoot "$Name-install.txt"
  $installer = Start-Process -FilePath msiexec.exe -ArgumentList "/i `"$path`" /quiet /norestart /log `"$log`"" -Wait -PassThru
  # 3010 is success that asks for a restart.
  if ($installer.ExitCode -notin 0, 3010) { Stop-With 'PackageNotInstalled' "msiexec ended with $($installer.ExitCode) for $file; read $log" }
  Remove-Item -Path $path
}

# Configures anew when the cluster has other HSMs than before. A cluster that is paused has none, and will come back: what is known of it stays.
function Update-Configuration {
  $addresses = Find-Addresses
  if (-not $addresses) { return 'paused' }
  if ((Test-Path $Known) -and (Get-Content -Path $Known) -eq $addresses) { return 'unchanged' }
  foreach ($component in $Software -split ' ') {
    $tool = ($component -split '=')[1]
    & "$Bin\$tool" --cluster-id $ClusterId --region $Region --hsm-ca-cert $Anchor $KeyAvailabilityOption | Out-Null
    if ($LASTEXITCODE -ne 0) { Stop-With 'ConfigureFailed' "$tool failed for cluster $ClusterId" }
  }
  # What is remembered is only what all of them know.
  Set-Content -Path $Known -Value $addresses
  'configured'
}

function Register-Following {
  $action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument "-NoProfile -NonInteractive -ExecutionPolicy Bypass -File `"$PSCommandPath`" follow"
  # Hosts that were started together do not ask together.
  $trigger = New-ScheduledTaskTrigger -Once -At (Get-Date).AddSeconds(30) -RandomDelay (New-TimeSpan -Seconds 30) -RepetitionInterval (New-TimeSpan -Seconds $FollowSeconds)
  Register-ScheduledTask -TaskName 'cloudhsm-addresses' -Action $action -Trigger $trigger -User 'SYSTEM' -RunLevel Highest -Force | Out-Null
}

function Install-All {
  try {
    $pem = (Get-SSMParameter -Region $Region -Name $TrustAnchorParameter).Value
  } catch {
    Stop-With 'TrustAnchorUnreadable' "the client's role cannot read the parameter $TrustAnchorParameter"
  }
  foreach ($component in $Software -split ' ') {
    $name, $tool = $component -split '=', 2
    if (-not (Test-Path "$Bin\$tool")) { Install-Component $name }
  }
  New-Item -ItemType Directory -Force -Path $Data | Out-Null
  # Without the mark that PowerShell puts at the beginning of texts.
  [IO.File]::WriteAllText($Anchor, $pem)
  # An image may have been made of a host that had other HSMs.
  if (Test-Path $Known) { Remove-Item -Path $Known }
  # Whatever the look-up comes to now, it is done again.
  Register-Following
}

switch ($Command) {
  'set-up' { Install-All }
  'follow' { }
  default { Stop-With 'UnknownCommand' "$PSCommandPath is run with set-up or with follow" }
}
$result = Update-Configuration
Write-Output "{`"result`":`"$result`"}"

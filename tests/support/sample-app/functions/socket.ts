import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';

const endpoint = process.env.SOCKET_ENDPOINT ?? '';
const connections = new ApiGatewayManagementApiClient({ endpoint });

type Event = APIGatewayProxyWebsocketEventV2 & {
  headers?: Record<string, string>;
  queryStringParameters?: Record<string, string>;
};

/** Refuses a connection that asks for it, and one that does not come from the edge; sends each message back. */
export const handler = async (event: Event): Promise<{ statusCode: number }> => {
  const { routeKey, connectionId } = event.requestContext;
  if (routeKey === '$connect') {
    const fromEdge =
      event.headers?.['x-origin-verify'] !== undefined && event.headers['x-viewer-address'] !== undefined;
    return { statusCode: fromEdge && !event.queryStringParameters?.refuse ? 200 : 403 };
  }
  if (routeKey === '$default') {
    const Data = JSON.stringify({ echo: event.body });
    await connections.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data }));
  }
  return { statusCode: 200 };
};
